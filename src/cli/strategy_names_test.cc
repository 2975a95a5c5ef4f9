#include "cli/strategy_names.h"

#include <gtest/gtest.h>

namespace socktap::cli {
namespace {

TEST(StrategyNames, ThoseOfTheTableAreTaken) {
  EXPECT_TRUE(check_strategy_names({}));
  EXPECT_TRUE(check_strategy_names({"typed-tracepoints", "closing-calls"}));
}

TEST(StrategyNames, OthersAreRefusedWithTheNearest) {
  const auto slip = check_strategy_names({"typed-tracepoints", "call-entry"});
  ASSERT_FALSE(slip);
  EXPECT_EQ(slip.error().message, "--disable-strategy call-entry: there is no such strategy");
  EXPECT_EQ(slip.error().hint, "did you mean call-entries?");
  const auto guess = check_strategy_names({"everything"});
  ASSERT_FALSE(guess);
  EXPECT_NE(guess.error().hint.find("typed-tracepoints, raw-tracepoints"), std::string::npos)
      << guess.error().hint;
}

}  // namespace
}  // namespace socktap::cli
