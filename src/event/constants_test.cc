#include "event/constants.h"

#include <gtest/gtest.h>

namespace socktap::constants {
namespace {

constexpr Constants flags = {{3, "BOTH"}, {1, "LOW"}, {2, "HIGH"}, {0, "NONE"}};

TEST(Constants, Names) {
  EXPECT_EQ(name_of(flags, 2), "HIGH");
  EXPECT_EQ(name_of(flags, 0), "NONE");
  EXPECT_EQ(name_of(flags, 9), "0x9");
  EXPECT_EQ(name_of(flags, -1), "0xffffffffffffffff");
  EXPECT_EQ(name_of(flags, -9, 10), "-9");
  EXPECT_EQ(name_of(flags, 8, 8), "010");
}

TEST(Constants, Bits) {
  EXPECT_EQ(names_of_bits(flags, 0), "NONE");
  EXPECT_EQ(names_of_bits({{1, "ONE"}}, 0), "0x0");
  EXPECT_EQ(names_of_bits(flags, 2), "BOTH") << "one bit in common is enough";
  EXPECT_EQ(names_of_bits({{1, "ONE"}, {2, "TWO"}}, 3), "ONE|TWO");
  EXPECT_EQ(names_of_bits({{1, "ONE"}, {2, "TWO"}}, 0x13), "ONE|TWO|0x10");
  EXPECT_EQ(names_of_bits({{1, "ONE"}}, 8), "0x8");
  EXPECT_EQ(names_of_bits({{1, "ONE"}}, 9, 10), "ONE|8");
}

// A flag without bits, or a name twice, would be dead.
TEST(Constants, TablesHaveNoDeadRows) {
#define SOCKTAP_TEXT(id)
#define SOCKTAP_NUMBER(id)
#define SOCKTAP_ONE_OF(id, taken_as, base) \
  for (const Constant& row : (id)) EXPECT_EQ(name_of(id, row.value), row.name) << #id;
#define SOCKTAP_ANY_OF(id, taken_as, base) \
  for (const Constant& row : (id)) EXPECT_NE(names_of_bits(id, row.value), "0x0") << #id;
#include "tapset/renderings.def"
#undef SOCKTAP_TEXT
#undef SOCKTAP_NUMBER
#undef SOCKTAP_ONE_OF
#undef SOCKTAP_ANY_OF
}

}  // namespace
}  // namespace socktap::constants
