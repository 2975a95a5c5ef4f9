// What the spellings of literals mean. The lexer asks for faults, the parser for values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace socktap::language {

enum class NumberFault : std::uint8_t { none, malformed, too_large };

struct NumberValue {
  std::int64_t value = 0;  // what lies between 2^63 and 2^64 wraps around
  NumberFault fault = NumberFault::none;
};

// Of a decimal, 0x or 0 octal spelling.
NumberValue number_value(std::string_view spelling);

// An escape that is not one of C's. When `fatal` there is no sensible reading of it, else the
// backslash is dropped.
struct EscapeFault {
  std::size_t begin = 0, end = 0;  // within the spelling
  bool fatal = false;
};

// Of a string's spelling, quotes included. Faults are appended to `faults` where given.
std::string string_value(std::string_view spelling, std::vector<EscapeFault>* faults = nullptr);

// The spelling that string_value turns back into `value`.
std::string quoted(std::string_view value);

}  // namespace socktap::language
