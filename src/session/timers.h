// The timers of a script and when each is due.
#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <vector>

#include "language/typed_program.h"
#include "session/dispatch.h"

namespace socktap::session {

class Timers {
 public:
  // Every timer starts one period after `start` (ns, CLOCK_MONOTONIC). `program` must outlive it.
  Timers(const language::TypedProgram& program, std::uint64_t start);

  // When the next one is due; nullopt if the script has none.
  std::optional<std::uint64_t> next_due() const;

  // Takes the timer that is due first and arms it anew. A timer that fell behind by whole periods
  // fires once for them, as a periodic timer of the kernel does.
  struct Due {
    Firing firing;
    std::uint64_t time;
  };
  Due take(std::uint64_t now);

 private:
  struct Timer {
    Firing firing;
    std::int64_t period;
    std::int64_t randomize;
    std::uint64_t due;
  };

  std::int64_t next_period(const Timer& timer);

  std::vector<Timer> timers_;
  std::minstd_rand random_;
};

}  // namespace socktap::session
