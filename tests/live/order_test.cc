// Two threads on two CPUs: what one causes in the other is printed after it.

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "command.h"

namespace socktap::test {
namespace {

TEST(Order, NoReceivePrintsBeforeItsSendBegan) {
  if (const std::string why = refusal(); !why.empty()) GTEST_SKIP() << why;
  const TemporaryFile truth("truth");
  const Outcome outcome = run(socktap_run(
      {"-e",
       "probe socket.sendmsg { printf(\"began %d %d\\n\", size, cpu()) }"
       "probe socket.receive { if (success) printf(\"received %d %d\\n\", size, cpu()) }",
       "-c",
       std::string(SOCKTAP_WORKLOAD) + " --truth " + truth.path() + " --only threads/ping_pong"}));
  ASSERT_EQ(outcome.status, 0) << outcome.errors;
  std::map<std::string, int> begun;  // by size, which no two messages of the step share
  int received = 0;
  for (const std::string& line : lines_of(outcome.output)) {
    const std::string size = line.substr(line.find(' ') + 1, line.rfind(' ') - line.find(' ') - 1);
    if (line.starts_with("began ")) ++begun[size];
    if (!line.starts_with("received ")) continue;
    ++received;
    EXPECT_EQ(begun[size], 1) << line << " without its send before it";
  }
  EXPECT_EQ(received, 100);
}

}  // namespace
}  // namespace socktap::test
