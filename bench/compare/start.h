// What a start costs: from exec until the first event that the command makes is in the reader's
// hands, on the clock and in CPU time, what the kernel does for it included.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "compare/spread.h"
#include "compare/tools.h"

namespace socktap::bench {

struct Started {
  std::string subject;
  Spread cpu_ms;
  Spread clock_ms;
  unsigned rounds = 0;
  std::string refusal;  // why there is no figure; else empty

  bool is_measured() const { return rounds > 0; }
};

// All subjects by turns, so many times each; `load` is the program that makes the event.
std::vector<Started> measure_starts(const Tools& tools, const std::string& load, unsigned rounds);

}  // namespace socktap::bench
