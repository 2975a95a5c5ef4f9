#include "language/semantics/printf_format.h"

#include <gtest/gtest.h>

namespace socktap::language::semantics {
namespace {

// The arguments as letters: n number, s string, * a number that a star takes.
std::string arguments_of(std::string_view format) {
  const PrintfFormat parsed = parse_printf_format(format);
  if (!parsed.problem.empty()) return "bad";
  std::string letters;
  for (const FormatArgument& argument : parsed.arguments)
    letters += argument.is_star ? '*' : argument.type == Type::string ? 's' : 'n';
  return letters;
}

TEST(PrintfFormat, TellsArguments) {
  const struct {
    std::string_view format, arguments;
  } cases[] = {
      {"", ""},
      {"plain", ""},
      {"100%%", ""},
      {"%d", "n"},
      {"%s %d\n", "sn"},
      {"%b%c%d%i%m%M%o%p%u%x%X", "nnnnnnnnnnn"},
      {"%-10s|%05d|%+d|% d|%#x", "snnnn"},
      {"%-05d", "n"},
      {"%5.2s", "s"},
      {"%.3d", "n"},
      {"%.d", "n"},
      {"%ld %lu %lx", "nnn"},
      {"%*d", "*n"},
      {"%-*.*s", "**s"},
      {"%1b%2b%4b%8b", "nnnn"},
  };
  for (const auto& [format, arguments] : cases)
    EXPECT_EQ(arguments_of(format), arguments) << format;
}

TEST(PrintfFormat, RefusesWhatTheLanguageHasNot) {
  for (const std::string_view format :
       {"%", "abc%", "%5", "%l", "%y", "%f", "%lld", "%hd", "%+-d", "%0#x", "%  d", "%5%", "%n",
        "%1234567d", "%.1234567s", "%\x01"})
    EXPECT_EQ(arguments_of(format), "bad") << format;
}

TEST(PrintfFormat, NamesTheConversion) {
  EXPECT_EQ(parse_printf_format("a %-5y b").problem, "`%-5y`: there is no conversion `y`");
  EXPECT_EQ(parse_printf_format("%d %-8s").arguments[1].conversion, "%-8s");
}

}  // namespace
}  // namespace socktap::language::semantics
