// What was not delivered, by kind. Every event on a path that is seen is either delivered or
// counted here; paths that are not seen are counted as such.
#pragma once

#include <array>
#include <cstdint>
#include <numeric>
#include <string_view>

namespace socktap {

enum class Loss : std::uint8_t {
  buffer_full,  // no room for the record: the consumer was too slow
  map_full,     // no room to remember a begun operation, a process or a descriptor
  recursion,    // the kernel skipped a program that was already running on that CPU
  missed,       // a probe did not fire, or could not read what it needed
  blind_path,   // not events, which nobody can count, but paths that are not seen
};
inline constexpr std::size_t loss_kinds = 5;

// What stands behind the count: "3 events lost because the buffer was full".
constexpr std::string_view describe(Loss loss) {
  constexpr std::string_view texts[loss_kinds] = {
      "lost because the buffer was full (a larger one: -s MB)",
      "lost because a kernel map was full",
      "lost because a program was already running on the CPU",
      "lost because a probe did not fire or could not read what it needed",
      "not seen on this kernel (their events are in no count)",
  };
  return texts[static_cast<std::size_t>(loss)];
}

// As machines read it.
constexpr std::string_view name_of(Loss loss) {
  constexpr std::string_view names[loss_kinds] = {"buffer_full", "map_full", "recursion", "missed",
                                                  "blind_path"};
  return names[static_cast<std::size_t>(loss)];
}

// What is counted.
constexpr std::string_view noun_of(Loss loss) {
  return loss == Loss::blind_path ? "path" : "event";
}

struct Losses {
  std::array<std::uint64_t, loss_kinds> counts{};

  std::uint64_t& operator[](Loss loss) { return counts[static_cast<std::size_t>(loss)]; }
  std::uint64_t operator[](Loss loss) const { return counts[static_cast<std::size_t>(loss)]; }
  // All that are events.
  std::uint64_t events() const {
    const auto all = std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
    return all - (*this)[Loss::blind_path];
  }
  bool operator==(const Losses&) const = default;
};

}  // namespace socktap
