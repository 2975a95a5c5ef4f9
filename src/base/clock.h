// The kernel's clocks, as events carry them.
#pragma once

#include <cstdint>
#include <ctime>

namespace socktap {

// ns. Of a clock that every kernel has (CLOCK_MONOTONIC, CLOCK_REALTIME).
inline std::uint64_t read_clock(clockid_t clock) {
  timespec time = {};
  ::clock_gettime(clock, &time);
  return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000 +
         static_cast<std::uint64_t>(time.tv_nsec);
}

}  // namespace socktap
