// seen + lost == produced: produced is what the load says it made, never what socktap counted.

#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>

#include "accounts.h"
#include "command.h"

namespace socktap::test {
namespace {

using namespace std::chrono_literals;

TEST(Loss, AStoppedConsumerCountsWhatItMissed) {
  if (const std::string why = refusal_of_ebpf(); !why.empty()) GTEST_SKIP() << why;
  const TemporaryFile count("count");
  const std::string script =
      "probe begin { println(\"ready\") }\n"
      "probe socket.send, socket.receive { println(\"m\") }";
  Command socktap(
      socktap_run({"-s", "1", "-e", script, "-c", load_command("--seconds 1.5", count)}));
  ASSERT_TRUE(socktap.printed("ready", 10s));
  socktap.signal(SIGSTOP);
  std::this_thread::sleep_for(2500ms);  // longer than the load lasts
  socktap.signal(SIGCONT);
  const Outcome outcome = socktap.wait();
  ASSERT_EQ(outcome.status, 0) << outcome.errors;
  const auto lines = lines_of(outcome.output);
  const auto seen = static_cast<std::uint64_t>(std::ranges::count(lines, "m"));
  const Produced produced = read_count(count);
  EXPECT_GT(lost(outcome.errors, "the buffer was full"), 0u) << outcome.errors;
  EXPECT_GT(seen, 0u);
  EXPECT_EQ(seen + lost(outcome.errors), produced.events()) << outcome.errors;
}

// Each socket is two events: that its release begins, and that it ended. Of calls that take their
// time the second waits in a map of 4,096 entries.
TEST(Loss, ReleasesThatFindTheMapFullAreCounted) {
  if (const std::string why = refusal_of_ebpf(); !why.empty()) GTEST_SKIP() << why;
  const auto calls = 4'096 + 100 + 32 * std::thread::hardware_concurrency();  // its slack
  const TemporaryFile count("count");
  const Outcome outcome = run(socktap_run(
      {"-e",
       "global begun, ended\n"
       "probe socket.close { begun++ } probe socket.close.return { ended++ }\n"
       "probe end { println(begun, \" \", ended) }",
       "-c", SOCKTAP_SLOW_CLOSE " " + std::to_string(calls) + " --count-file " + count.path()}));
  std::uint64_t closes = 0;
  if (!(std::ifstream(count.path()).ignore(7) >> closes))
    GTEST_SKIP() << "so many calls cannot be made here: " << outcome.errors;
  std::uint64_t begun = 0;
  std::uint64_t ended = 0;
  std::istringstream(outcome.output) >> begun >> ended;
  EXPECT_EQ(begun, closes);
  EXPECT_LT(ended, closes);
  EXPECT_EQ(ended + lost(outcome.errors, "a kernel map was full"), closes) << outcome.errors;
  EXPECT_EQ(begun + ended + lost(outcome.errors), 2 * closes) << outcome.errors;
}

}  // namespace
}  // namespace socktap::test
