#include "base/escape.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

namespace socktap {
namespace {

struct Character {
  std::uint32_t code;
  std::size_t size;  // bytes it takes in the text
};

// A well-formed character of more than one byte: neither overlong, nor a surrogate, nor beyond
// Unicode.
std::optional<Character> decode_multibyte(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  Character result{};
  std::uint32_t smallest = 0;
  if ((first & 0xe0) == 0xc0) {
    result = {first & 0x1fu, 2};
    smallest = 0x80;
  } else if ((first & 0xf0) == 0xe0) {
    result = {first & 0x0fu, 3};
    smallest = 0x800;
  } else if ((first & 0xf8) == 0xf0) {
    result = {first & 0x07u, 4};
    smallest = 0x10000;
  } else {
    return std::nullopt;
  }
  if (text.size() < result.size) return std::nullopt;
  for (const char c : text.substr(1, result.size - 1)) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xc0) != 0x80) return std::nullopt;
    result.code = result.code << 6 | (byte & 0x3f);
  }
  const bool surrogate = result.code >= 0xd800 && result.code <= 0xdfff;
  if (result.code < smallest || result.code > 0x10ffff || surrogate) return std::nullopt;
  return result;
}

// What one character of the text becomes.
struct Escape {
  std::array<char, 10> text{};
  std::size_t size = 0;

  std::string_view view() const { return {text.data(), size}; }
  void add(char c) { text[size++] = c; }
};

Escape escape_of(Character character) {
  Escape result;
  if (character.size > 1) {
    constexpr std::string_view hex = "0123456789ABCDEF";
    const bool wide = character.code > 0xffff;
    result.add('\\');
    result.add(wide ? 'U' : 'u');
    for (int shift = wide ? 28 : 12; shift >= 0; shift -= 4) {
      result.add(hex[(character.code >> shift) & 15]);
    }
    return result;
  }
  constexpr std::string_view escaped = "\a\b\f\n\r\t\v\"\\";
  constexpr std::string_view letters = "abfnrtv\"\\";
  const char c = static_cast<char>(character.code);
  const std::size_t known = escaped.find(c);
  if (known != std::string_view::npos) {
    result.add('\\');
    result.add(letters[known]);
  } else if (character.code >= 0x20 && character.code <= 0x7e) {
    result.add(c);
  } else {
    result.add('\\');
    for (const int shift : {6, 3, 0}) {
      result.add(static_cast<char>('0' + ((character.code >> shift) & 7)));
    }
  }
  return result;
}

}  // namespace

void append_escaped(std::string_view text, std::size_t limit, bool quoted, std::string& out) {
  if (quoted) {
    limit = std::max<std::size_t>(limit, 5) - 2;
    out += '"';
  }
  const std::size_t begin = out.size();
  std::size_t end_if_cut = begin;  // where whole characters end that leave room for "..."
  while (!text.empty()) {
    const auto byte = static_cast<unsigned char>(text[0]);
    const Character character = decode_multibyte(text).value_or(Character{byte, 1});
    const Escape escape = escape_of(character);
    if (out.size() - begin + escape.size > limit) break;
    out += escape.view();
    text.remove_prefix(character.size);
    if (out.size() - begin + 3 <= limit) end_if_cut = out.size();
  }
  if (!quoted) return;
  if (text.empty() || text[0] == '\0') {
    out += '"';
  } else {
    out.resize(end_if_cut);
    out += "\"...";
  }
}

}  // namespace socktap
