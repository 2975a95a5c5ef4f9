/// @file
/// What was not delivered, by kind.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace socktap {

/// Why events are missing. Every event on a path that is seen is either delivered or counted here;
/// paths that are not seen are counted as such.
enum class Loss : std::uint8_t {
  buffer_full,  ///< no room for the record: who handles events was too slow
  map_full,     ///< no room to remember a begun operation, a process or a descriptor
  recursion,    ///< the kernel skipped a program that was already running on that CPU
  missed,       ///< a probe did not fire, or could not read what it needed
  blind_path,   ///< not events, which nobody can count, but paths that are not seen
};

/// How many kinds there are.
inline constexpr std::size_t loss_kinds = 5;

/// "buffer_full" ..., as JSON output has it.
constexpr std::string_view name_of(Loss loss) {
  constexpr std::string_view names[loss_kinds] = {"buffer_full", "map_full", "recursion", "missed",
                                                  "blind_path"};
  return names[static_cast<std::size_t>(loss)];
}

}  // namespace socktap
