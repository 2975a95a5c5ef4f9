// seen + lost == produced: produced is what the load says it made, never what socktap counted.

#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <thread>

#include "accounts.h"
#include "command.h"

namespace socktap::test {
namespace {

using namespace std::chrono_literals;

TEST(Loss, AStoppedConsumerCountsWhatItMissed) {
  if (const std::string why = refusal(); !why.empty()) GTEST_SKIP() << why;
  const TemporaryFile count("count");
  Command socktap(socktap_run({"-s", "1", "-e",
                               "probe begin { println(\"ready\") }\n"
                               "probe socket.send, socket.receive { println(\"m\") }",
                               "-c", load_command("--seconds 1.5", count)}));
  ASSERT_TRUE(socktap.printed("ready", 10s));
  socktap.signal(SIGSTOP);
  std::this_thread::sleep_for(2500ms);  // longer than the load lasts
  socktap.signal(SIGCONT);
  const Outcome outcome = socktap.wait();
  ASSERT_EQ(outcome.status, 0) << outcome.errors;
  const auto lines = lines_of(outcome.output);
  const auto seen = static_cast<std::uint64_t>(std::ranges::count(lines, "m"));
  const Produced produced = read_count(count);
  EXPECT_GT(lost(outcome.errors), 0u) << outcome.errors;
  EXPECT_GT(seen, 0u);
  EXPECT_EQ(seen + lost(outcome.errors), produced.events()) << outcome.errors;
}

}  // namespace
}  // namespace socktap::test
