#include "vm/format.h"

#include <gtest/gtest.h>

#include <vector>

namespace socktap::vm {
namespace {

Argument number(std::int64_t value) { return {value, {}}; }
Argument text(std::string_view value) { return {0, value}; }

std::string rendered(std::string_view format, const std::vector<Argument>& arguments) {
  const auto parsed = language::parse_print_format(format);
  if (!parsed) return parsed.error().message;
  std::string out = ">";  // what is there already stays
  std::span<const Argument> left = arguments;
  for (const auto& piece : parsed->pieces) {
    out += piece.text;
    const std::size_t count = piece.conversion.arguments().size();
    append_conversion(piece.conversion, left.first(count), out);
    left = left.subspan(count);
  }
  EXPECT_TRUE(left.empty());
  return (out + parsed->tail).substr(1);
}

struct Case {
  std::string_view format;
  std::vector<Argument> arguments;
  std::string_view expected;
};

void expect_all(const std::vector<Case>& cases) {
  for (const Case& c : cases) {
    EXPECT_EQ(rendered(c.format, c.arguments), c.expected) << "format: " << c.format;
  }
}

TEST(Format, Decimals) {
  expect_all({
      {"%d", {number(0)}, "0"},
      {"%d", {number(-42)}, "-42"},
      {"%i", {number(INT64_MIN)}, "-9223372036854775808"},
      {"%u", {number(-1)}, "18446744073709551615"},
      {"%ld", {number(INT64_MAX)}, "9223372036854775807"},
      {"%5d|", {number(42)}, "   42|"},
      {"%-5d|", {number(42)}, "42   |"},
      {"%05d", {number(-42)}, "-0042"},
      {"%+d %+d", {number(1), number(-1)}, "+1 -1"},
      {"% d", {number(7)}, " 7"},
      {"%+u", {number(7)}, "7"},
      {"%.3d", {number(7)}, "007"},
      {"%6.3d|", {number(-7)}, "  -007|"},
      {"%-6.3d|", {number(-7)}, "-007  |"},
      {"%.0d", {number(0)}, "0"},
      {"%2d", {number(12345)}, "12345"},
  });
}

TEST(Format, TheFlagZeroHoldsBesideAPrecision) {
  expect_all({{"%06.3d", {number(7)}, "000007"}, {"%08.3x", {number(10)}, "0000000a"}});
}

TEST(Format, OtherBases) {
  expect_all({
      {"%x", {number(255)}, "ff"},
      {"%X", {number(0xdeadbeef)}, "DEADBEEF"},
      {"%o", {number(8)}, "10"},
      {"%x", {number(-1)}, "ffffffffffffffff"},
      {"%o", {number(-1)}, "1777777777777777777777"},
      {"%#x", {number(255)}, "0xff"},
      {"%#X", {number(255)}, "0XFF"},
      {"%#o", {number(8)}, "010"},
      {"%#x", {number(0)}, "0x0"},
      {"%#o", {number(0)}, "00"},
      {"%#d", {number(5)}, "5"},
      {"%08x", {number(255)}, "000000ff"},
      {"%#8x|", {number(255)}, "    0xff|"},
      {"%p", {number(0x1234)}, "0x1234"},
      {"%p", {number(0)}, "0x0"},
      {"%012p", {number(0xabc)}, "0x0000000abc"},
      {"%10p|", {number(0xabc)}, "     0xabc|"},
  });
}

TEST(Format, Strings) {
  expect_all({
      {"%s", {text("curl")}, "curl"},
      {"%s", {text("")}, ""},
      {"%8s|", {text("curl")}, "    curl|"},
      {"%-8s|", {text("curl")}, "curl    |"},
      {"%.2s", {text("curl")}, "cu"},
      {"%.0s", {text("curl")}, ""},
      {"%5.2s|", {text("curl")}, "   cu|"},
      {"%2s", {text("curl")}, "curl"},
      {"%.9s", {text("curl")}, "curl"},
      {"%0s", {text("a")}, std::string_view("a\0", 2)},
      {"%03s", {text("a")}, std::string_view("  a\0", 4)},
      {"%s", {text(std::string_view("a\0b", 3))}, std::string_view("a\0b", 3)},
  });
}

TEST(Format, Characters) {
  expect_all({
      {"%c", {number('A')}, "A"},
      {"%3c|", {number('A')}, "  A|"},
      {"%-3c|", {number('A')}, "A  |"},
      {"%c", {number(0)}, std::string_view("\0", 1)},
      {"%c", {number(0x141)}, "A"},
      {"%#c", {number('\n')}, "\\n"},
      {"%#c%#c", {number('\''), number('\\')}, "\\'\\\\"},
      {"%#c", {number('"')}, "\""},
      {"%#c", {number(0)}, "\\000"},
      {"%#c", {number(0xff)}, "\\377"},
      {"%#c", {number(0x1b)}, "\\033"},
      {"%#5c|", {number('\t')}, "   \\t|"},
  });
}

TEST(Format, Binary) {
  expect_all({
      {"%b", {number(0x0807060504030201)}, "\x01\x02\x03\x04\x05\x06\x07\x08"},
      {"%1b", {number(0x4142)}, "B"},
      {"%2b", {number(0x4142)}, "BA"},
      {"%4b", {number(0x44434241)}, "ABCD"},
      {"%.2b", {number(0x4142)}, "BA"},
      {"%4.2b", {number(0x4142)}, std::string_view("\0\0BA", 4)},
      {"%-4.2b", {number(0x4142)}, std::string_view("BA\0\0", 4)},
      {"%3b", {number(0x4847464544434241)}, "ABCDEFGH"},
  });
}

TEST(Format, MemoryOfStrings) {
  expect_all({
      {"%M", {text("AB")}, "41"},
      {"%.2M", {text("AB\xff")}, "4142"},
      {"%.9M", {text("\xff")}, "ff"},
      {"%6.2M|", {text("AB")}, "  4142|"},
      {"%.2m", {text("ABC")}, "AB"},
      {"%m", {text("ABC")}, "A"},
  });
}

TEST(Format, StarsTakeTheirNumbersFromTheArguments) {
  expect_all({
      {"%*d|", {number(5), number(42)}, "   42|"},
      {"%*d|", {number(-5), number(42)}, "42|"},
      {"%0*d", {number(5), number(42)}, "00042"},
      {"%0*d|", {number(-5), number(42)}, "42|"},
      {"%.*s", {number(2), text("curl")}, "cu"},
      {"%.*s|", {number(-1), text("curl")}, "|"},
      {"%*.*s|", {number(4), number(2), text("curl")}, "  cu|"},
      {"%-*s|%s", {number(6), text("a"), text("b")}, "a     |b"},
  });
}

TEST(Format, AWidthFromTheArgumentsIsBounded) {
  EXPECT_EQ(rendered("%*d", {number(INT64_MAX), number(1)}).size(), 8192u);
  EXPECT_EQ(rendered("%*d", {number(INT64_MIN), number(1)}).size(), 1u);
  EXPECT_EQ(rendered("%.*d", {number(INT64_MAX), number(1)}).size(), 8192u);
}

TEST(Format, TextAround) {
  expect_all({
      {"no conversions\n", {}, "no conversions\n"},
      {"%d%%\n", {number(50)}, "50%\n"},
      {"%s(%d) %s %d bytes\n",
       {text("curl"), number(7), text("socket.send"), number(-32)},
       "curl(7) socket.send -32 bytes\n"},
  });
}

}  // namespace
}  // namespace socktap::vm
