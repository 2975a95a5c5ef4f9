#include "language/print_format.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace socktap::language {
namespace {

using Kind = Conversion::Kind;
using Flag = Conversion::Flag;

std::optional<Kind> kind_of(char letter) {
  switch (letter) {
    case 'b':
      return Kind::binary;
    case 'c':
      return Kind::character;
    case 'd':
    case 'i':
      return Kind::signed_decimal;
    case 'u':
      return Kind::unsigned_decimal;
    case 'o':
      return Kind::octal;
    case 'x':
      return Kind::hex;
    case 'X':
      return Kind::upper_hex;
    case 'p':
      return Kind::pointer;
    case 's':
      return Kind::string;
    case 'm':
      return Kind::memory;
    case 'M':
      return Kind::memory_hex;
    default:
      return std::nullopt;
  }
}

std::optional<Flag> flag_of(char letter) {
  switch (letter) {
    case '0':
      return Flag::zero;
    case '+':
      return Flag::plus;
    case '-':
      return Flag::minus;
    case ' ':
      return Flag::space;
    case '#':
      return Flag::alternate;
    default:
      return std::nullopt;
  }
}

class Parser {
 public:
  explicit Parser(std::string_view format) : format_(format) {}

  tl::expected<PrintFormat, PrintFormatError> parse() {
    std::string text;
    while (at_ < format_.size()) {
      if (format_[at_] != '%') {
        text += format_[at_++];
      } else if (format_.substr(at_, 2) == "%%") {
        text += '%';
        at_ += 2;
      } else {
        auto read = conversion();
        if (!read) return tl::unexpected<PrintFormatError>(read.error());
        result_.pieces.push_back({std::exchange(text, {}), *read});
      }
    }
    result_.tail = std::move(text);
    return std::move(result_);
  }

 private:
  tl::expected<Conversion, PrintFormatError> conversion() {
    Conversion result;
    result.begin = at_++;
    if (const auto flag = flag_of(peek())) {
      result.flag = *flag;
      ++at_;
    }
    result.width = size();
    if (peek() == '.') {
      ++at_;
      result.precision = size();
      // "%.d": a precision of nothing is one of 0.
      if (result.precision.kind == FormatSize::Kind::none) {
        result.precision.kind = FormatSize::Kind::fixed;
      }
    }
    if (peek() == 'l') ++at_;
    if (at_ == format_.size()) {
      return error(result, "trailing incomplete print format conversion");
    }
    const auto kind = kind_of(peek());
    if (!kind) return error(result, "invalid or missing conversion specifier");
    result.kind = *kind;
    result.end = ++at_;
    return result;
  }

  FormatSize size() {
    FormatSize result;
    if (peek() == '*') {
      ++at_;
      result.kind = FormatSize::Kind::argument;
      return result;
    }
    while (peek() >= '0' && peek() <= '9') {
      result.kind = FormatSize::Kind::fixed;
      result.value = std::min(result.value * 10 + (format_[at_++] - '0'), FormatSize::max);
    }
    return result;
  }

  static tl::unexpected<PrintFormatError> error(const Conversion& conversion, std::string message) {
    return tl::unexpected<PrintFormatError>({conversion.begin, std::move(message)});
  }

  char peek() const { return at_ < format_.size() ? format_[at_] : '\0'; }

  std::string_view format_;
  std::size_t at_ = 0;
  PrintFormat result_;
};

}  // namespace

Type Conversion::argument() const {
  switch (kind) {
    case Kind::string:
    case Kind::memory:
    case Kind::memory_hex:
      return Type::string;
    default:
      return Type::number;
  }
}

std::vector<Type> Conversion::arguments() const {
  std::vector<Type> types;
  if (width.kind == FormatSize::Kind::argument) types.push_back(Type::number);
  if (precision.kind == FormatSize::Kind::argument) types.push_back(Type::number);
  types.push_back(argument());
  return types;
}

std::vector<Type> PrintFormat::arguments() const {
  std::vector<Type> types;
  for (const Piece& piece : pieces)
    for (const Type type : piece.conversion.arguments()) types.push_back(type);
  return types;
}

tl::expected<PrintFormat, PrintFormatError> parse_print_format(std::string_view format) {
  return Parser(format).parse();
}

}  // namespace socktap::language
