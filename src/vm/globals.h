// The script's globals, each in the slot that the compiler gave it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "vm/array.h"
#include "vm/code.h"
#include "vm/limits.h"
#include "vm/statistic.h"

namespace socktap::vm {

struct Globals {
  // Everything as it is before the first handler runs.
  Globals(const Code& code, const Limits& limits, std::uint64_t secret);  // as Array's

  std::vector<std::int64_t> numbers;
  std::vector<std::string> texts;
  std::vector<Statistic> statistics;
  std::vector<StatisticShape> shapes;  // of the statistics
  std::vector<Array> arrays;
};

// The globals that are written and never read, as they print at the end of a run: `n=1`,
// `s="x"`, `a["b",2]=3`, `t @count=2 @min=5 @max=7 @sum=12 @avg=6`; arrays by value, the largest
// first, which reorders them.
std::string unread_globals(const Code& code, Globals& globals);

}  // namespace socktap::vm
