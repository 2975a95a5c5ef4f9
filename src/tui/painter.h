// Paints what `top` shows.
#pragma once

#include <string>

#include "tui/canvas.h"
#include "tui/top_state.h"

namespace socktap::tui {

// What stands above the table besides what it says of itself.
struct Surface {
  std::string clock;    // "13:58:07"
  std::string subject;  // what is observed: "everything", "pid 17", a recording
  std::string notice;   // "2 paths are not seen: socktap doctor"; empty: nothing
  std::uint64_t lost = 0;
};

Canvas paint(const TopState& state, const Surface& surface, unsigned width, unsigned height);

// The table alone, as lines of text without an end, for logs.
std::string plain_table(const TopState& state);

// "999", "1.50K", "12.3M": five characters at most.
std::string short_number(std::uint64_t number);

// Eighths of a cell's height, one a value, the last `width` of them: "▁▃█".
std::string sparkline(const std::vector<std::uint64_t>& values, std::size_t width);

}  // namespace socktap::tui
