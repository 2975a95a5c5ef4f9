#include "compare/spread.h"

#include <gtest/gtest.h>

namespace socktap::bench {
namespace {

TEST(Spread, OfAnOddNumberTheMedianIsTheOneInTheMiddle) {
  EXPECT_EQ(spread_of({5, 1, 100}), (Spread{5, 1, 100}));
}

TEST(Spread, OfAnEvenNumberItIsBetweenTheTwo) {
  EXPECT_EQ(spread_of({4, 1, 2, 3}), (Spread{2.5, 1, 4}));
}

TEST(Spread, OfOneOrNone) {
  EXPECT_EQ(spread_of({7}), (Spread{7, 7, 7}));
  EXPECT_EQ(spread_of({}), (Spread{0, 0, 0}));
}

TEST(Spread, AQuarterDoesNotExceedTheLowerQuartile) {
  EXPECT_EQ(lower_quartile({8, 7, 6, 5, 4, 3, 2, 1}), 2);
  EXPECT_EQ(lower_quartile({3}), 3);
  EXPECT_EQ(lower_quartile({}), 0);
}

}  // namespace
}  // namespace socktap::bench
