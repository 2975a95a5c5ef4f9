// A printf format as the checker sees it: which arguments it takes, and what is wrong with it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tapset/type.h"

namespace socktap::language::semantics {

struct FormatArgument {
  Type type;
  std::string conversion;  // "%-10s"; of the numbers that a '*' takes, the whole conversion too
  bool is_star = false;
};

struct PrintfFormat {
  std::vector<FormatArgument> arguments;  // in order
  std::string problem;                    // empty if the format is well formed
};

// %[flag][width][.precision][l]conversion, with one flag of 0 + - space # at most, width and
// precision numbers or *, and conversion one of b c d i m M o p s u x X %.
PrintfFormat parse_printf_format(std::string_view format);

}  // namespace socktap::language::semantics
