// The names of error numbers: "ENOENT".
#pragma once

#include <cstdint>
#include <string_view>

namespace socktap {

// Of a positive errno; empty if it has none. Where two names share a number, the kernel's own one.
std::string_view errno_name(std::uint64_t code);

}  // namespace socktap
