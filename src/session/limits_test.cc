#include "session/limits.h"

#include <gtest/gtest.h>

namespace socktap::session {
namespace {

TEST(Limits, TakesSystemTapsNames) {
  const auto parsed = parse_limits({"MAXSTRINGLEN=256", "MAXERRORS=3", "MAXACTION=5"});
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->limits.max_string, 256);
  EXPECT_EQ(parsed->limits.max_errors, 3);
  EXPECT_EQ(parsed->limits.max_action, 5);
  EXPECT_TRUE(parsed->ignored.empty());
}

TEST(Limits, NamesOfSystemTapsRuntimeAreNotedAndLeft) {
  const auto parsed = parse_limits({"STP_OVERLOAD_THRESHOLD=5", "STP_NO_OVERLOAD"});
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->ignored,
            (std::vector<std::string>{"STP_OVERLOAD_THRESHOLD", "STP_NO_OVERLOAD"}));
}

TEST(Limits, ValuesThatDoNotFitAreRefusedWithTheRange) {
  for (const char* definition : {"MAXSTRINGLEN=1", "MAXSTRINGLEN=x", "MAXSTRINGLEN",
                                 "MAXSTRINGLEN=", "MAXSTRINGLEN=64k", "MAXERRORS=-1"}) {
    const auto parsed = parse_limits({definition});
    ASSERT_FALSE(parsed) << definition;
    EXPECT_NE(parsed.error().hint.find(" takes "), std::string::npos) << parsed.error().hint;
  }
}

}  // namespace
}  // namespace socktap::session
