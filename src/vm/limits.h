// The budgets of a run, by the names -D takes.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace socktap::vm {

struct Limits {
  std::int64_t max_string = 512;        // MAXSTRINGLEN: strings hold one byte less
  std::int64_t max_map_entries = 2048;  // MAXMAPENTRIES: of arrays that declare no size
  // MAXACTION: statements and loop turns one event handler may run.
  std::int64_t max_action = 1'000'000;
  std::int64_t max_action_lifecycle = 100'000'000;  // the same in begin, end and error handlers
  std::int64_t max_nesting = 256;                   // MAXNESTING: function calls within each other
  // HIST_ELISION: how many empty rows histograms show beside one that is not; below 0: all.
  std::int64_t hist_elision = 2;
  std::int64_t max_errors = 0;  // MAXERRORS: run-time errors that do not end the run

  // Bytes a string may hold.
  std::size_t max_text() const {
    return static_cast<std::size_t>(std::max<std::int64_t>(max_string, 1) - 1);
  }

  // How many entries of arrays a handler with that many actions may look at in sorts, slices and
  // `delete` of whole arrays, each of which is one action whatever the array's size. Enough for a
  // thousand sorts of 2,048 entries, as many as SystemTap's MAXACTION lets a handler begin, also
  // where the script sets a MAXACTION as small as SystemTap's.
  static constexpr std::int64_t visits_for(std::int64_t actions) {
    constexpr std::int64_t per_action = 32;
    return std::clamp(actions, Limits{}.max_action, INT64_MAX / per_action) * per_action;
  }
};

}  // namespace socktap::vm
