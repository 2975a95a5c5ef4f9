// The renderings of tapset/renderings.def that are more than a constant's name, and what they have
// in common.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "event/call_text.h"

namespace socktap {

// The value of a variable of the call.
std::int64_t value_of(tapset::Variable variable, const CallView& view);

// So much of an argument.
std::int64_t argument_of(tapset::Width width, std::size_t argument, const CallView& view);

// The memory that a variable is made of.
struct CallMemory {
  std::uint64_t address;
  std::string_view bytes;
  bool read;  // false too where it was not captured

  // The number of type T at an offset; 0 beyond what was captured.
  template <typename T>
  T at(std::size_t offset) const {
    T number{};
    if (offset + sizeof number <= bytes.size()) {
      std::memcpy(&number, bytes.data() + offset, sizeof number);
    }
    return number;
  }
};
CallMemory memory_of(const tapset::CallVariable& variable, const CallView& view);
CallMemory memory_of(std::int8_t capture, const CallView& view);

// "0x7f00" and "0x0".
std::string hex(std::uint64_t number);

// What stands for a struct that is not there: NULL, or an address where nothing could be read. Else
// empty.
std::string missing(const CallMemory& memory, std::size_t size);

namespace rendering {

#define SOCKTAP_ONE_OF(id, taken_as, base)
#define SOCKTAP_ANY_OF(id, taken_as, base)
#define SOCKTAP_NUMBER(id)
#define SOCKTAP_TEXT(id) std::string id(const tapset::CallVariable& variable, const CallView& view);
#include "tapset/renderings.def"
#undef SOCKTAP_ONE_OF
#undef SOCKTAP_ANY_OF
#undef SOCKTAP_NUMBER
#undef SOCKTAP_TEXT

}  // namespace rendering
}  // namespace socktap
