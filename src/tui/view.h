// What `top` groups by: the columns that name a row, and the script that counts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace socktap::tui {

struct View {
  std::string_view name;  // "process"
  char key;               // that chooses it
  std::string_view help;
  std::string_view keys;     // the script's expressions that make the key
  std::string_view printed;  // the same from the loop's variables k1, k2 ..., as texts
  struct Label {
    std::string_view heading;
    unsigned width;
    bool is_number;         // set to the right
    std::string_view name;  // for machines, as attributes of events are called
  };
  std::span<const Label> labels;
  bool may_overflow;  // there can be more keys than one cares for: the oldest give way
};

// Of one table.
inline constexpr std::size_t most_rows = 10'000;

std::span<const View> views();
const View* find_view(std::string_view name);

// Prints tables for TableReader each so many ms, and one at the end.
std::string script_of(const View& view, std::uint64_t interval_ms);

}  // namespace socktap::tui
