#include "language/literal.h"

#include <fmt/format.h>

#include <iterator>
#include <limits>

namespace socktap::language {
namespace {

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return 99;
}

// The byte that `\c` stands for; 0 when `c` begins no simple escape.
char simple_escape(char c) {
  switch (c) {
    case 'a':
      return '\a';
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    case 'v':
      return '\v';
    case '\\':
    case '"':
    case '\'':
    case '?':
      return c;
    default:
      return 0;
  }
}

// Reads the characters between the quotes of one string.
class StringReader {
 public:
  StringReader(std::string_view spelling, std::vector<EscapeFault>* faults)
      : text_(spelling), faults_(faults) {}

  std::string read() {
    const std::size_t end = text_.size() - 1;
    for (at_ = 1; at_ < end;) {
      if (text_[at_] != '\\') {
        value_ += text_[at_++];
      } else {
        escape();
      }
    }
    return std::move(value_);
  }

 private:
  void escape() {
    const std::size_t begin = at_++;  // a closing quote follows in any case
    const char c = text_[at_];
    if (c == '\n') {
      ++at_;  // the string goes on in the next line
    } else if (const char byte = simple_escape(c)) {
      value_ += byte;
      ++at_;
    } else if (c == 'x') {
      ++at_;
      digits(begin, 16, 2);
    } else if (digit_of(c) < 8) {
      digits(begin, 8, 3);
    } else {
      value_ += c;
      fault(begin, ++at_, false);
    }
  }

  void digits(std::size_t begin, int base, std::size_t most) {
    const std::size_t first = at_;
    int value = 0;
    while (at_ - first < most && digit_of(text_[at_]) < base) {
      value = value * base + digit_of(text_[at_++]);
    }
    if (at_ == first || value > 0xff) fault(begin, at_, true);
    value_ += static_cast<char>(value);
  }

  void fault(std::size_t begin, std::size_t end, bool fatal) {
    if (faults_ != nullptr) faults_->push_back({begin, end, fatal});
  }

  std::string_view text_;
  std::vector<EscapeFault>* faults_;
  std::size_t at_ = 0;
  std::string value_;
};

}  // namespace

NumberValue number_value(std::string_view spelling) {
  int base = 10;
  if (spelling.size() > 1 && spelling[0] == '0') {
    base = spelling[1] == 'x' || spelling[1] == 'X' ? 16 : 8;
    spelling.remove_prefix(base == 16 ? 2 : 1);
  }
  if (spelling.empty()) return {0, NumberFault::malformed};
  std::uint64_t value = 0;
  bool too_large = false;
  for (const char c : spelling) {
    const int digit = digit_of(c);
    if (digit >= base) return {0, NumberFault::malformed};
    too_large |= __builtin_mul_overflow(value, static_cast<std::uint64_t>(base), &value);
    too_large |= __builtin_add_overflow(value, static_cast<std::uint64_t>(digit), &value);
  }
  return {static_cast<std::int64_t>(value), too_large ? NumberFault::too_large : NumberFault::none};
}

std::string string_value(std::string_view spelling, std::vector<EscapeFault>* faults) {
  return StringReader(spelling, faults).read();
}

std::string quoted(std::string_view value) {
  std::string out = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      fmt::format_to(std::back_inserter(out), "\\{:03o}", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
  return out + '"';
}

}  // namespace socktap::language
