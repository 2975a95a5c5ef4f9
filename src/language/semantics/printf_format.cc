#include "language/semantics/printf_format.h"

#include <fmt/format.h>

#include <cctype>

namespace socktap::language::semantics {
namespace {

constexpr std::string_view flags = "0+- #";
constexpr std::string_view number_conversions = "bcdimMopuxX";
constexpr std::size_t longest_number = 6;  // digits of a width: no row is wider than a string

class FormatParser {
 public:
  explicit FormatParser(std::string_view format) : format_(format) {}

  PrintfFormat parse() {
    while (at_ < format_.size() && result_.problem.empty()) {
      if (format_[at_] == '%')
        conversion();
      else
        ++at_;
    }
    return std::move(result_);
  }

 private:
  void conversion() {
    const std::size_t begin = at_++;
    int stars = 0;
    if (in(flags)) {
      ++at_;
      if (in(flags) && peek() != '0')
        return fail(begin, "a conversion takes one of the flags 0 + - space #, not several");
    }
    if (!number(begin, stars)) return;
    if (peek() == '.') {
      ++at_;
      if (!number(begin, stars)) return;
    }
    if (peek() == 'l') ++at_;
    finish(begin, stars);
  }

  void finish(std::size_t begin, int stars) {
    if (at_ >= format_.size()) return fail(begin, "the conversion is not complete");
    const char letter = format_[at_];
    const std::string text(format_.substr(begin, at_ + 1 - begin));
    const bool is_number = number_conversions.find(letter) != std::string_view::npos;
    if (letter == '%' && at_ - begin > 1) return fail(begin, "%% takes nothing in between");
    if (!is_number && letter != 's' && letter != '%') {
      const bool printable = std::isprint(static_cast<unsigned char>(letter)) != 0;
      return fail(begin, printable ? fmt::format("there is no conversion `{}`", letter)
                                   : std::string("there is no such conversion"));
    }
    ++at_;
    if (letter == '%') return;
    for (int i = 0; i < stars; ++i) result_.arguments.push_back({Type::number, text, true});
    result_.arguments.push_back({is_number ? Type::number : Type::string, text, false});
  }

  bool number(std::size_t begin, int& stars) {
    if (peek() == '*') {
      ++at_;
      ++stars;
      return true;
    }
    const std::size_t first = at_;
    while (std::isdigit(static_cast<unsigned char>(peek())) != 0) ++at_;
    if (at_ - first <= longest_number) return true;
    fail(begin, "the width is too large");
    return false;
  }

  char peek() const { return at_ < format_.size() ? format_[at_] : '\0'; }
  bool in(std::string_view set) const {
    return at_ < format_.size() && set.find(format_[at_]) != std::string_view::npos;
  }

  void fail(std::size_t begin, std::string_view why) {
    result_.problem = fmt::format("`{}`: {}", format_.substr(begin, at_ - begin + 1), why);
  }

  std::string_view format_;
  std::size_t at_ = 0;
  PrintfFormat result_;
};

}  // namespace

PrintfFormat parse_printf_format(std::string_view format) { return FormatParser(format).parse(); }

}  // namespace socktap::language::semantics
