// The budgets of a run, by the names -D takes.
#pragma once

#include <cstdint>

namespace socktap::vm {

struct Limits {
  std::int64_t max_string = 512;        // MAXSTRINGLEN: strings hold one byte less
  std::int64_t max_map_entries = 2048;  // MAXMAPENTRIES: of arrays that declare no size
  std::int64_t max_action =
      1'000'000;  // MAXACTION: statements and loop turns one event handler may run
  std::int64_t max_action_lifecycle = 100'000'000;  // the same in begin, end and error handlers
  std::int64_t max_nesting = 256;                   // MAXNESTING: function calls within each other
  std::int64_t max_errors = 0;  // MAXERRORS: run-time errors that do not end the run
};

}  // namespace socktap::vm
