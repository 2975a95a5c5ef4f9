// The types of the language, as the catalogue and the checker name them.
#pragma once

#include <cstdint>
#include <string_view>

namespace socktap {

enum class Type : std::uint8_t {
  none,    // a function without result; not yet inferred
  number,  // "long": 64-bit signed, wrapping
  string,  // at most MAXSTRINGLEN - 1 bytes
  stats,   // a statistic: only of globals
};

constexpr std::string_view type_keyword(Type type) {
  switch (type) {
    case Type::number:
      return "long";
    case Type::string:
      return "string";
    case Type::stats:
      return "stats";
    case Type::none:
      break;
  }
  return "unknown";
}

}  // namespace socktap
