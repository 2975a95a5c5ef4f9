// What a source can do on this kernel, as far as a plan depends on it.
#pragma once

#include "tapset/catalogue.h"

namespace socktap::plan {

// An empty one gives the all-user plan: every handler runs in the machine, which is the meaning
// of a script.
struct Capabilities {
  bool filters = false;      // conditions can be tested where the events arise
  bool accumulates = false;  // partial aggregates can be kept there
};

}  // namespace socktap::plan
