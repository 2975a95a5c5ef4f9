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

// Until that time of CLOCK_MONOTONIC, in ns, or a signal.
inline void sleep_until(std::uint64_t wake) {
  if (wake <= read_clock(CLOCK_MONOTONIC)) return;
  const timespec time = {.tv_sec = static_cast<time_t>(wake / 1'000'000'000),
                         .tv_nsec = static_cast<long>(wake % 1'000'000'000)};
  ::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, nullptr);
}

}  // namespace socktap
