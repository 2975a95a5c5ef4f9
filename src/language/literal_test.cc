#include "language/literal.h"

#include <gtest/gtest.h>

#include <limits>

namespace socktap::language {
namespace {

TEST(NumberValue, ReadsThreeBases) {
  const struct {
    const char* spelling;
    std::int64_t value;
  } cases[] = {
      {"0", 0},
      {"42", 42},
      {"010", 8},
      {"0777", 511},
      {"0x10", 16},
      {"0XfF", 255},
      {"9223372036854775807", std::numeric_limits<std::int64_t>::max()},
      {"9223372036854775808", std::numeric_limits<std::int64_t>::min()},
      {"18446744073709551615", -1},
      {"0xffffffffffffffff", -1},
      {"01777777777777777777777", -1},
  };
  for (const auto& [spelling, value] : cases) {
    const NumberValue number = number_value(spelling);
    EXPECT_EQ(number.fault, NumberFault::none) << spelling;
    EXPECT_EQ(number.value, value) << spelling;
  }
}

TEST(NumberValue, SaysWhatIsWrong) {
  const struct {
    const char* spelling;
    NumberFault fault;
  } cases[] = {
      {"18446744073709551616", NumberFault::too_large},
      {"0x10000000000000000", NumberFault::too_large},
      {"99999999999999999999999999999", NumberFault::too_large},
      {"089", NumberFault::malformed},
      {"0x", NumberFault::malformed},
      {"0xg", NumberFault::malformed},
      {"12ab", NumberFault::malformed},
      {"1_000", NumberFault::malformed},
  };
  for (const auto& [spelling, fault] : cases)
    EXPECT_EQ(number_value(spelling).fault, fault) << spelling;
}

TEST(StringValue, ResolvesEscapes) {
  const struct {
    const char* spelling;
    std::string value;
  } cases[] = {
      {R"("")", ""},
      {R"("plain")", "plain"},
      {R"("a\tb\n")", "a\tb\n"},
      {R"("\"\\\'\?")", "\"\\'?"},
      {R"("\a\b\f\r\v")", "\a\b\f\r\v"},
      {R"("\x41\x4a")", "AJ"},
      {R"("\x4142")", "A42"},
      {R"("\101\60")", "A0"},
      {R"("\1018")", "A8"},
      {R"("\377")", "\xff"},
      {"\"a\\\nb\"", "ab"},
  };
  for (const auto& [spelling, value] : cases) {
    std::vector<EscapeFault> faults;
    EXPECT_EQ(string_value(spelling, &faults), value) << spelling;
    EXPECT_TRUE(faults.empty()) << spelling;
  }
}

TEST(StringValue, FindsBadEscapes) {
  const struct {
    const char* spelling;
    EscapeFault fault;
  } cases[] = {
      {R"("a\dc")", {2, 4, false}},
      {R"("\xzz")", {1, 3, true}},
      {R"("\400")", {1, 5, true}},
  };
  for (const auto& [spelling, fault] : cases) {
    std::vector<EscapeFault> faults;
    string_value(spelling, &faults);
    ASSERT_EQ(faults.size(), 1u) << spelling;
    EXPECT_EQ(faults[0].begin, fault.begin) << spelling;
    EXPECT_EQ(faults[0].end, fault.end) << spelling;
    EXPECT_EQ(faults[0].fatal, fault.fatal) << spelling;
  }
}

TEST(Quote, IsReadBackAsItWas) {
  const std::string value = "a \"quoted\" \\ line\n\tand \x01 and \xc3\xa4 9";
  EXPECT_EQ(string_value(language::quoted(value)), value);
}

}  // namespace
}  // namespace socktap::language
