// What was kept of one global where events arise, to be merged into the machine's own.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "base/source_map.h"

namespace socktap::plan {

using PartialValue = std::variant<std::int64_t, std::string>;

struct PartialSum {
  std::int64_t sum = 0;
};
struct PartialStatistic {
  std::int64_t count = 0, sum = 0, min = 0, max = 0;
  std::vector<std::uint64_t> buckets;  // of one with a histogram
};
struct PartialLast {
  PartialValue value;
  std::uint64_t time = 0;  // when it was set, ns of CLOCK_MONOTONIC
};
// Updates that were refused, because there were more keys than the global has room for.
struct PartialRefusal {
  std::uint64_t updates = 0;
};

struct Partial {
  std::uint32_t global = 0;
  Span update;  // a statement that made it
  std::vector<PartialValue> key;
  std::uint64_t first = 0;  // when the key was updated for the first time, as PartialLast's
  std::variant<PartialSum, PartialStatistic, PartialLast, PartialRefusal> content;
};

// From several CPUs: of one key there may be one from each.
using Partials = std::vector<Partial>;

}  // namespace socktap::plan
