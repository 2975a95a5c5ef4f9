// Socket flags as scripts see them.

#include <gtest/gtest.h>

#include <string>

#include "command.h"

namespace socktap::test {
namespace {

std::string flags_printed(const std::string& step) {
  const TemporaryFile truth("truth");
  const Outcome outcome = run(socktap_run(
      {"-e", "probe socket.send { printf(\"[%s]\\n\", sock_flags_num2str(flags)) }", "-c",
       std::string(SOCKTAP_WORKLOAD) + " --truth " + truth.path() + " --only " + step}));
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  EXPECT_NE(outcome.output, "") << outcome.errors;
  return outcome.output;
}

TEST(Flags, FreshTcpHasNoPasscred) {
  if (const std::string why = refusal(); !why.empty()) GTEST_SKIP() << why;
  EXPECT_EQ(flags_printed("tcp4/send/send").find("PASS"), std::string::npos);
  EXPECT_EQ(flags_printed("tcp6/send/send").find("PASS"), std::string::npos);
}

TEST(Flags, PasscredShowsWhereItWasAsked) {
  if (const std::string why = refusal(); !why.empty()) GTEST_SKIP() << why;
  const auto lines = lines_of(flags_printed("flags/passcred"));
  ASSERT_EQ(lines.size(),
            2u);  // the receiver sends the second message, and it is the one that asked
  EXPECT_EQ(lines[0].find("PASSCRED"), std::string::npos) << lines[0];
  EXPECT_NE(lines[1].find("PASSCRED"), std::string::npos) << lines[1];
  const auto other = lines_of(flags_printed("flags/passsec"));
  ASSERT_EQ(other.size(), 2u);
  EXPECT_NE(other[1].find("PASSSEC"), std::string::npos) << other[1];
}

}  // namespace
}  // namespace socktap::test
