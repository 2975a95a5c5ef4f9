// How often a reader looks into rings: seldom enough that records gather, for a look costs little
// but a wake-up does; often enough that none is found full.
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/clock.h"

namespace socktap::sources {

class Pace {
 public:
  // Until it is time for the next look, but not beyond `until`. `fill`: of the fullest ring at the
  // last look, in parts of its size. Times are ns of CLOCK_MONOTONIC.
  void wait(double fill, std::uint64_t last_look, std::uint64_t until) {
    if (fill > busy) return;
    if (fill > lively) interval_ = shortest;
    if (fill <= calm) interval_ = std::min(interval_ + millisecond, longest);
    sleep_until(std::min(until, last_look + interval_));
  }

 private:
  static constexpr std::uint64_t millisecond = 1'000'000;
  static constexpr std::uint64_t shortest = 2 * millisecond, longest = 5 * millisecond;
  // More than busy, they are read again at once; up to calm, records may gather for longer, beyond
  // lively not.
  static constexpr double busy = 0.25, lively = 0.15, calm = 0.1;

  std::uint64_t interval_ = shortest;
};

}  // namespace socktap::sources
