// Time and task are those of the event, not of the moment when its handler runs.

#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <sstream>
#include <string>
#include <thread>

#include "command.h"

namespace socktap::test {
namespace {

using namespace std::chrono_literals;

TEST(Context, TimeIsTheEventsThoughTheConsumerStood) {
  if (const std::string why = refusal(); !why.empty()) GTEST_SKIP() << why;
  // A message every 100 ms for 1.5 s, of which socktap stands still for one.
  Command socktap(socktap_run({"-e",
                               "probe socket.send { printf(\"%d %d %s\\n\", gettimeofday_us(), "
                               "pid() == target(), execname()) }",
                               "-c",
                               std::string(SOCKTAP_LOAD) + " --pairs 15 --interval-ms 100 "
                                                           "--count-file /dev/null"}));
  ASSERT_TRUE(socktap.printed("\n", 10s)) << "no first message";
  socktap.signal(SIGSTOP);
  std::this_thread::sleep_for(1s);
  socktap.signal(SIGCONT);
  const Outcome outcome = socktap.wait();
  ASSERT_EQ(outcome.status, 0) << outcome.errors;
  const auto lines = lines_of(outcome.output);
  ASSERT_EQ(lines.size(), 15u);
  long long before = 0;
  for (const std::string& line : lines) {
    long long time = 0;
    int of_target = 0;
    std::string name;
    std::istringstream(line) >> time >> of_target >> name;
    EXPECT_EQ(of_target, 1);
    EXPECT_EQ(name, "load");
    if (before != 0) {
      EXPECT_GE(time - before, 90'000) << line;
      EXPECT_LE(time - before, 600'000) << line;
    }
    before = time;
  }
  const auto now = std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::system_clock::now().time_since_epoch());
  EXPECT_LT(std::abs(now.count() - before), 60'000'000);
}

}  // namespace
}  // namespace socktap::test
