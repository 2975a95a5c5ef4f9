// What was not delivered, by kind. Every event is either delivered or counted here.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace socktap {

enum class Loss : std::uint8_t {
  buffer_full,   // no room for the record: the consumer was too slow
  map_full,      // no room to remember a begun operation, a process or a descriptor
  recursion,     // the kernel skipped a program that was already running on that CPU
  missed,        // a probe did not fire, or could not read what it needed
  blind_path,    // messages on a path that the running kernel does not show
};
inline constexpr std::size_t loss_kinds = 5;

constexpr std::string_view describe(Loss loss) {
  constexpr std::string_view texts[loss_kinds] = {
      "events lost because the buffer was full (a larger one: -s MB)",
      "events lost because a kernel map was full",
      "events lost because a program was already running on the CPU",
      "events lost because a probe did not fire or could not read what it needed",
      "events not seen on paths that this kernel does not show",
  };
  return texts[static_cast<std::size_t>(loss)];
}

struct Losses {
  std::array<std::uint64_t, loss_kinds> counts{};

  std::uint64_t& operator[](Loss loss) { return counts[static_cast<std::size_t>(loss)]; }
  std::uint64_t operator[](Loss loss) const { return counts[static_cast<std::size_t>(loss)]; }
  std::uint64_t total() const {
    std::uint64_t sum = 0;
    for (const std::uint64_t count : counts) sum += count;
    return sum;
  }
  bool operator==(const Losses&) const = default;
};

}  // namespace socktap
