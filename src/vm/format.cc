#include "vm/format.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <charconv>
#include <cstring>

namespace socktap::vm {
namespace {

using language::Conversion;
using language::FormatSize;
using Kind = Conversion::Kind;
using Flag = Conversion::Flag;

// A conversion whose '*'s have been read from the arguments. -1: not given.
struct Layout {
  std::int32_t width = -1;
  std::int32_t precision = -1;
  bool left = false;
};

// Room for 64 bits in octal.
using Digits = std::array<char, 24>;

std::string_view digits_of(std::uint64_t number, int base, Digits& room) {
  const auto end = std::to_chars(room.data(), room.data() + room.size(), number, base).ptr;
  return {room.data(), static_cast<std::size_t>(end - room.data())};
}

void pad(std::int64_t count, char with, std::string& out) {
  if (count > 0) out.append(static_cast<std::size_t>(count), with);
}

void append_padded(std::string_view text, const Layout& layout, std::string& out) {
  const std::int64_t padding = layout.width - static_cast<std::int64_t>(text.size());
  if (!layout.left) pad(padding, ' ', out);
  out += text;
  if (layout.left) pad(padding, ' ', out);
}

std::string_view sign_of(const Conversion& conversion, std::int64_t number) {
  if (conversion.kind != Kind::signed_decimal) return "";
  if (number < 0) return "-";
  if (conversion.flag == Flag::plus) return "+";
  return conversion.flag == Flag::space ? " " : "";
}

// Unlike in C, 0 gets its prefix too.
std::string_view prefix_of(const Conversion& conversion) {
  if (conversion.kind == Kind::pointer) return "0x";
  if (conversion.flag != Flag::alternate) return "";
  switch (conversion.kind) {
    case Kind::octal:
      return "0";
    case Kind::hex:
      return "0x";
    case Kind::upper_hex:
      return "0X";
    default:
      return "";
  }
}

int base_of(Kind kind) {
  switch (kind) {
    case Kind::octal:
      return 8;
    case Kind::hex:
    case Kind::upper_hex:
    case Kind::pointer:
      return 16;
    default:
      return 10;
  }
}

// A precision asks for at least that many digits. Unlike in C, the flag 0 holds beside one.
void append_integer(const Conversion& conversion, const Layout& layout, std::int64_t number,
                    std::string& out) {
  const std::string_view sign = sign_of(conversion, number);
  const std::string_view prefix = prefix_of(conversion);
  const auto bits = static_cast<std::uint64_t>(number);
  Digits room;
  const std::string_view digits =
      digits_of(sign == "-" ? 0 - bits : bits, base_of(conversion.kind), room);
  if (conversion.kind == Kind::upper_hex) {
    std::transform(room.begin(), room.begin() + digits.size(), room.begin(),
                   [](char c) { return c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c; });
  }
  const auto zeros =
      std::max<std::int64_t>(0, layout.precision - static_cast<std::int64_t>(digits.size()));
  const std::int64_t padding =
      layout.width - zeros - static_cast<std::int64_t>(sign.size() + prefix.size() + digits.size());
  const bool with_zeros = conversion.flag == Flag::zero && !layout.left;

  if (!layout.left && !with_zeros) pad(padding, ' ', out);
  out += sign;
  out += prefix;
  if (with_zeros) pad(padding, '0', out);
  pad(zeros, '0', out);
  out += digits;
  if (layout.left) pad(padding, ' ', out);
}

// With the flag # a character is written as it stands in a C literal.
void append_character(const Conversion& conversion, const Layout& layout, char c,
                      std::string& out) {
  constexpr std::string_view escaped = "\a\b\f\n\r\t\v'\\";
  constexpr std::string_view letters = "abfnrtv'\\";
  std::array<char, 4> text{c};
  std::size_t size = 1;
  const auto byte = static_cast<unsigned char>(c);
  const std::size_t known = c == '\0' ? std::string_view::npos : escaped.find(c);
  if (conversion.flag == Flag::alternate && known != std::string_view::npos) {
    text = {'\\', letters[known]};
    size = 2;
  } else if (conversion.flag == Flag::alternate && (byte < 0x20 || byte > 0x7e)) {
    const auto octal = [byte](int shift) { return static_cast<char>('0' + ((byte >> shift) & 7)); };
    text = {'\\', octal(6), octal(3), octal(0)};
    size = 4;
  }
  append_padded({text.data(), size}, layout, out);
}

// The flag 0 ends a string with a zero byte, for consumers of binary output.
void append_string(const Conversion& conversion, const Layout& layout, std::string_view text,
                   std::string& out) {
  if (layout.precision >= 0) text = text.substr(0, static_cast<std::size_t>(layout.precision));
  append_padded(text, layout, out);
  if (conversion.flag == Flag::zero) out += '\0';
}

// As many bytes as the precision says, one without.
void append_memory(const Conversion& conversion, const Layout& layout, std::string_view bytes,
                   std::string& out) {
  bytes = bytes.substr(0, static_cast<std::size_t>(std::max(1, layout.precision)));
  if (conversion.kind == Kind::memory) {
    append_padded(bytes, layout, out);
    return;
  }
  constexpr std::string_view hex = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    text += hex[static_cast<unsigned char>(c) >> 4];
    text += hex[static_cast<unsigned char>(c) & 15];
  }
  append_padded(text, layout, out);
}

constexpr bool is_binary_size(std::int32_t size) {
  return size == 1 || size == 2 || size == 4 || size == 8;
}

// The number's lowest bytes, in the machine's order: as many as the precision says, else the width,
// else eight. A larger width pads with zero bytes.
void append_binary(const Layout& layout, std::int64_t number, std::string& out) {
  std::int32_t size = 8;
  if (is_binary_size(layout.precision)) {
    size = layout.precision;
  } else if (is_binary_size(layout.width)) {
    size = layout.width;
  }
  std::array<char, 8> bytes;
  std::memcpy(bytes.data(), &number, bytes.size());
  static_assert(std::endian::native == std::endian::little, "the lowest bytes come first");
  if (!layout.left) pad(layout.width - size, '\0', out);
  out.append(bytes.data(), static_cast<std::size_t>(size));
  if (layout.left) pad(layout.width - size, '\0', out);
}

// Reads '*'s from the arguments, which `next` walks through.
Layout layout_of(const Conversion& conversion, const Argument*& next) {
  Layout layout;
  layout.left = conversion.flag == Flag::minus;
  if (conversion.width.kind == FormatSize::Kind::fixed) layout.width = conversion.width.value;
  if (conversion.width.kind == FormatSize::Kind::argument) {
    layout.width =
        static_cast<std::int32_t>(std::clamp<std::int64_t>((next++)->number, 0, FormatSize::max));
  }
  if (conversion.precision.kind == FormatSize::Kind::fixed) {
    layout.precision = conversion.precision.value;
  }
  if (conversion.precision.kind == FormatSize::Kind::argument) {
    layout.precision =
        static_cast<std::int32_t>(std::clamp<std::int64_t>((next++)->number, 0, FormatSize::max));
  }
  return layout;
}

}  // namespace

void append_conversion(const Conversion& conversion, std::span<const Argument> arguments,
                       std::string& out) {
  const Argument* next = arguments.data();
  const Layout layout = layout_of(conversion, next);
  assert(next + 1 == arguments.data() + arguments.size());
  switch (conversion.kind) {
    case Kind::binary:
      return append_binary(layout, next->number, out);
    case Kind::character:
      return append_character(conversion, layout, static_cast<char>(next->number), out);
    case Kind::string:
      return append_string(conversion, layout, next->text, out);
    case Kind::memory:
    case Kind::memory_hex:
      return append_memory(conversion, layout, next->text, out);
    default:
      return append_integer(conversion, layout, next->number, out);
  }
}

void append_number(std::int64_t number, std::string& out) {
  std::array<char, 24> room;
  const auto end = std::to_chars(room.data(), room.data() + room.size(), number).ptr;
  out.append(room.data(), static_cast<std::size_t>(end - room.data()));
}

}  // namespace socktap::vm
