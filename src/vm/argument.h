// A value handed to a library function or to a printf conversion.
#pragma once

#include <cstdint>
#include <string_view>

namespace socktap::vm {

// Which member counts is known from the function's row or the conversion's kind.
struct Argument {
  std::int64_t number = 0;
  std::string_view text;
};

}  // namespace socktap::vm
