#include "language/library_macros.h"

#include <fmt/format.h>

namespace socktap::language {
namespace {

constexpr std::string_view choose_defined = R"(
@define choose_defined(wanted, otherwise) %( (@defined(@wanted) ? (@wanted) : (@otherwise)) %)
)";

constexpr std::string_view try_assign = R"(
@define try_assign(target, value, on_error) %(
  try { @target = @value } catch { @target = @on_error }
%)
)";

constexpr std::string_view prints = R"(
@define prints(s) %(
  printf("@count=%d @min=%d @max=%d @sum=%d @avg=%d\n",
         @count(@s), @min(@s), @max(@s), @sum(@s), @avg(@s))
%)
)";

// The digit of `name` when it is `prefix` and a digit up to `most`; else 0.
int numbered(std::string_view name, std::string_view prefix, int most) {
  if (name.size() != prefix.size() + 1 || name.substr(0, prefix.size()) != prefix) return 0;
  const int number = name.back() - '0';
  return number >= 1 && number <= most ? number : 0;
}

// @prints1 ... @prints9: all statistics of an array of so many keys, those with the most first.
std::string prints_of_array(int keys) {
  std::string names, list;
  for (int i = 1; i <= keys; ++i) {
    names += fmt::format("{}__key{}", i > 1 ? ", " : "", i);
    list += fmt::format("{}__key{}", i > 1 ? ", \",\", " : "", i);
  }
  return fmt::format(
      "@define prints{0}(s) %( foreach ([{1}] in @s-) {{\n"
      "  print(\"[\", {2}, \"] \")\n"
      "  printf(\"@count=%d @min=%d @max=%d @sum=%d @avg=%d\\n\", @count(@s[{1}]), @min(@s[{1}]),\n"
      "         @max(@s[{1}]), @sum(@s[{1}]), @avg(@s[{1}]))\n"
      "}} %)\n",
      keys, names, list);
}

// @this1 ... @this8: a variable of the thread, shared by a call's handler and its return's.
std::string thread_variable(int number) {
  return fmt::format(
      "private global __this{0}\n"
      "@define this{0} %( __this{0}[tid()] %)\n",
      number);
}

}  // namespace

std::string library_macro(std::string_view name) {
  if (name == "choose_defined") return std::string(choose_defined);
  if (name == "try_assign") return std::string(try_assign);
  if (name == "prints") return std::string(prints);
  if (const int keys = numbered(name, "prints", 9)) return prints_of_array(keys);
  if (const int number = numbered(name, "this", 8)) return thread_variable(number);
  return {};
}

}  // namespace socktap::language
