#include "language/print_format.h"

#include <gtest/gtest.h>

namespace socktap::language {
namespace {

using Kind = Conversion::Kind;
using Flag = Conversion::Flag;

constexpr FormatSize none{};
constexpr FormatSize argument{FormatSize::Kind::argument, 0};
constexpr FormatSize fixed(std::int32_t value) { return {FormatSize::Kind::fixed, value}; }

TEST(PrintFormat, OneConversion) {
  struct Case {
    std::string_view format;
    Kind kind;
    Flag flag;
    FormatSize width, precision;
  };
  const Case cases[] = {
      {"%d", Kind::signed_decimal, Flag::none, none, none},
      {"%i", Kind::signed_decimal, Flag::none, none, none},
      {"%u", Kind::unsigned_decimal, Flag::none, none, none},
      {"%o", Kind::octal, Flag::none, none, none},
      {"%x", Kind::hex, Flag::none, none, none},
      {"%X", Kind::upper_hex, Flag::none, none, none},
      {"%p", Kind::pointer, Flag::none, none, none},
      {"%b", Kind::binary, Flag::none, none, none},
      {"%c", Kind::character, Flag::none, none, none},
      {"%s", Kind::string, Flag::none, none, none},
      {"%m", Kind::memory, Flag::none, none, none},
      {"%M", Kind::memory_hex, Flag::none, none, none},
      {"%ld", Kind::signed_decimal, Flag::none, none, none},
      {"%-10s", Kind::string, Flag::minus, fixed(10), none},
      {"%08x", Kind::hex, Flag::zero, fixed(8), none},
      {"%+5d", Kind::signed_decimal, Flag::plus, fixed(5), none},
      {"% d", Kind::signed_decimal, Flag::space, none, none},
      {"%#12lo", Kind::octal, Flag::alternate, fixed(12), none},
      {"%.3s", Kind::string, Flag::none, none, fixed(3)},
      {"%.s", Kind::string, Flag::none, none, fixed(0)},
      {"%7.4d", Kind::signed_decimal, Flag::none, fixed(7), fixed(4)},
      {"%*d", Kind::signed_decimal, Flag::none, argument, none},
      {"%-*.*s", Kind::string, Flag::minus, argument, argument},
      {"%99999999999d", Kind::signed_decimal, Flag::none, fixed(FormatSize::max), none},
  };
  for (const Case& c : cases) {
    const auto parsed = parse_print_format(c.format);
    ASSERT_TRUE(parsed.has_value()) << c.format;
    ASSERT_EQ(parsed->pieces.size(), 1u) << c.format;
    const Conversion expected{c.kind, c.flag, c.width, c.precision, 0, c.format.size()};
    EXPECT_EQ(parsed->pieces[0].conversion, expected) << c.format;
    EXPECT_EQ(parsed->pieces[0].text, "") << c.format;
    EXPECT_EQ(parsed->tail, "") << c.format;
  }
}

TEST(PrintFormat, TextStandsBeforeItsConversion) {
  const auto parsed = parse_print_format("100%% of %s:\t%5d%%\n");
  ASSERT_TRUE(parsed.has_value());
  ASSERT_EQ(parsed->pieces.size(), 2u);
  EXPECT_EQ(parsed->pieces[0].text, "100% of ");
  EXPECT_EQ(parsed->pieces[0].conversion.begin, 9u);
  EXPECT_EQ(parsed->pieces[0].conversion.end, 11u);
  EXPECT_EQ(parsed->pieces[1].text, ":\t");
  EXPECT_EQ(parsed->tail, "%\n");
}

TEST(PrintFormat, FormatsWithoutConversions) {
  for (const std::string_view format : {"", "hello", "a\0b", "%%"}) {
    const auto parsed = parse_print_format(format);
    ASSERT_TRUE(parsed.has_value()) << format;
    EXPECT_TRUE(parsed->pieces.empty()) << format;
    EXPECT_EQ(parsed->tail, format == "%%" ? "%" : format);
  }
}

TEST(PrintFormat, ArgumentsStandInOrder) {
  const auto parsed = parse_print_format("%s %*d %.*s %*.*x %M");
  ASSERT_TRUE(parsed.has_value());
  using enum Type;
  const std::vector<Type> expected{string, number, number, number, string,
                                   number, number, number, string};
  EXPECT_EQ(parsed->arguments(), expected);
}

TEST(PrintFormat, MistakesSayWhere) {
  struct Case {
    std::string_view format;
    std::size_t position;
    std::string_view message;
  };
  const Case cases[] = {
      {"%", 0, "trailing incomplete print format conversion"},
      {"ok %d, %-5", 7, "trailing incomplete print format conversion"},
      {"%5.", 0, "trailing incomplete print format conversion"},
      {"%f", 0, "invalid or missing conversion specifier"},
      {"a%lld", 1, "invalid or missing conversion specifier"},
      {"%-+d", 0, "invalid or missing conversion specifier"},
      {"%5%", 0, "invalid or missing conversion specifier"},
      {"%d%n", 2, "invalid or missing conversion specifier"},
      {"%.-3d", 0, "invalid or missing conversion specifier"},
      {"%hd", 0, "invalid or missing conversion specifier"},
  };
  for (const Case& c : cases) {
    const auto parsed = parse_print_format(c.format);
    ASSERT_FALSE(parsed.has_value()) << c.format;
    EXPECT_EQ(parsed.error().position, c.position) << c.format;
    EXPECT_EQ(parsed.error().message, c.message) << c.format;
  }
}

}  // namespace
}  // namespace socktap::language
