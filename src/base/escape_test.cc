#include "base/escape.h"

#include <gtest/gtest.h>

namespace socktap {
namespace {

std::string quoted(std::string_view text, std::size_t limit) {
  std::string out;
  append_escaped(text, limit, true, out);
  return out;
}

TEST(Escape, Quotes) {
  EXPECT_EQ(quoted("a\tb\"", 20), "\"a\\tb\\\"\"");
  EXPECT_EQ(quoted("\x7f\xc3\xa9", 20), "\"\\177\\u00E9\"");
}

TEST(Escape, CutsBetweenEscapes) {
  EXPECT_EQ(quoted("abcdef", 8), "\"abcdef\"");
  EXPECT_EQ(quoted("abcdefg", 8), "\"abc\"...");
  EXPECT_EQ(quoted("ab\x01"
                   "cdefg",
                   8),
            "\"ab\"...");
}

TEST(Escape, AZeroByteThatDoesNotFitIsNoCut) {
  EXPECT_EQ(quoted(std::string_view("abcdef\0g", 8), 8), "\"abcdef\"");
  EXPECT_EQ(quoted(std::string_view("ab\0g", 4), 9), "\"ab\\000g\"");
}

}  // namespace
}  // namespace socktap
