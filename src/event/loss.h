// What was not delivered: how much of each kind, and in words.
#pragma once

#include <array>
#include <cstdint>
#include <numeric>
#include <string>
#include <string_view>

#include "socktap/loss.h"

namespace socktap {

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

// What is counted.
constexpr std::string_view noun_of(Loss loss) {
  return loss == Loss::blind_path ? "path" : "event";
}

// "3 events lost because the buffer was full ..."
inline std::string sentence(Loss loss, std::uint64_t count) {
  return std::to_string(count).append(" ").append(noun_of(loss)).append(count == 1 ? " " : "s ") +
         std::string(describe(loss));
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
