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

}  // namespace
}  // namespace socktap::bench
