// What the variables of a system call's probe points say, from its arguments and the memory that
// was captured. Pure functions.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>

#include "tapset/calls.h"

namespace socktap {

// A call as it was seen; a view of what the event holds.
struct CallView {
  struct Memory {
    std::span<const char> bytes;  // at most tapset::capture_sizes of them
    bool read = false;            // false: it could not be read, or its address is NULL
  };

  const tapset::Call* call;
  bool compat = false;  // made by a 32-bit task
  std::array<std::uint64_t, 6> arguments{};
  std::array<Memory, 2> memory{};  // as call->captures
  std::int64_t result = 0;         // at the return
};

// The variable is one of the call's: a number's value, a string's text.
std::int64_t number_of(const tapset::CallVariable& variable, const CallView& view);
std::string text_of(const tapset::CallVariable& variable, const CallView& view);

std::string argstr_of(const CallView& view);
std::string retstr_of(const CallView& view);

}  // namespace socktap
