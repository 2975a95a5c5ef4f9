// The grammar of printf's format strings: text to conversions, no rendering.
//
//   % [flag] [width] [. precision] [l] letter        flag:  one of 0 + - space #
//                                                    width, precision: digits or '*'
//
// "%%" is a percent sign. A '*' takes its number from the arguments, before the value itself.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "tapset/type.h"

namespace socktap::language {

// A conversion's width or precision.
struct FormatSize {
  enum class Kind : std::uint8_t { none, fixed, argument };
  Kind kind = Kind::none;
  std::int32_t value = 0;  // fixed; at most FormatSize::max

  // What a larger number in the format, or from an argument, is cut to.
  static constexpr std::int32_t max = 8192;
  bool operator==(const FormatSize&) const = default;
};

struct Conversion {
  enum class Kind : std::uint8_t {
    binary,            // b: the number's bytes
    character,         // c
    signed_decimal,    // d i
    unsigned_decimal,  // u
    octal,             // o
    hex,               // x
    upper_hex,         // X
    pointer,           // p: as %#x
    string,            // s
    memory,            // m: bytes as they are; kernel memory in SystemTap, which we do not read
    memory_hex,        // M: the same, two hexadecimal digits a byte
  };
  enum class Flag : std::uint8_t { none, zero, plus, minus, space, alternate };

  Kind kind = Kind::signed_decimal;
  Flag flag = Flag::none;
  FormatSize width;
  FormatSize precision;
  std::size_t begin = 0, end = 0;  // byte range in the format, from '%' to the letter

  // What its own argument must be. memory and memory_hex say string: a dump of the string's bytes
  // is all that makes sense here; the checker refuses numbers (addresses) with a reason.
  Type argument() const;
  // All that it takes: numbers for its '*'s, then its own.
  std::vector<Type> arguments() const;

  // Neither flag nor width nor precision.
  bool is_plain() const {
    return flag == Flag::none && width.kind == FormatSize::Kind::none &&
           precision.kind == FormatSize::Kind::none;
  }
  bool operator==(const Conversion&) const = default;
};

struct PrintFormat {
  // A conversion and the text that precedes it, "%%" resolved.
  struct Piece {
    std::string text;
    Conversion conversion;
  };
  std::vector<Piece> pieces;
  std::string tail;  // text after the last conversion

  // Those of its conversions, in order.
  std::vector<Type> arguments() const;
};

struct PrintFormatError {
  std::size_t position;  // byte offset of the conversion's '%'
  std::string message;   // SystemTap's: "invalid or missing conversion specifier"
};

tl::expected<PrintFormat, PrintFormatError> parse_print_format(std::string_view format);

}  // namespace socktap::language
