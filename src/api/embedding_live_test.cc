// Sessions in programs that have threads, signal handlers and children of their own.

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <thread>
#include <vector>

#include "socktap/socktap.h"

namespace {

using socktap::EventView;
using socktap::Options;
using socktap::Result;
using socktap::Session;
using socktap::Summary;

// Sends the same number of messages each time.
const std::vector<std::string> sender{SOCKTAP_WORKLOAD, "--truth", "/dev/null", "--only",
                                      "unix_dgram/send"};

// What a session of that command comes to; how many sent messages it told of.
Result<Summary> run(const std::vector<std::string>& command, const std::string& backend,
                    int& events) {
  Session session({.command = command, .duration = std::chrono::seconds(60), .backend = backend});
  EXPECT_TRUE(session.on({.points = "socket.send", .condition = "success", .variables = {"size"}},
                         [&events](const EventView&) { ++events; }));
  EXPECT_TRUE(session.on("socket.create, socket.close", [](const EventView&) {}));
  return session.run();
}

class EachBackendInAHost : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    int events = 0;
    if (const auto summary = run({"true"}, GetParam(), events); !summary)
      GTEST_SKIP() << summary.error().message << " (" << summary.error().hint << ")";
  }
};

TEST_P(EachBackendInAHost, RunsInTwoThreads) {
  constexpr int rounds = 10;
  int expected = 0;
  ASSERT_TRUE(run(sender, GetParam(), expected));
  EXPECT_GT(expected, 0);
  std::vector<std::thread> threads;
  for (int i = 0; i < 2; ++i)
    threads.emplace_back([expected] {
      for (int round = 0; round < rounds; ++round) {
        int events = 0;
        const auto summary = run(sender, GetParam(), events);
        ASSERT_TRUE(summary) << summary.error().message;
        EXPECT_EQ(summary->ending, socktap::Ending::command_ended);
        EXPECT_EQ(events, expected);
      }
    });
  for (std::thread& thread : threads) thread.join();
}

INSTANTIATE_TEST_SUITE_P(By, EachBackendInAHost, testing::Values("ebpf", "ptrace"),
                         [](const auto& backend) { return std::string(backend.param); });

}  // namespace
