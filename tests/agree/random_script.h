// Scripts and events out of a seed, for engines that must agree on them.
#pragma once

#include <array>
#include <random>
#include <string>

#include "event/event.h"

namespace socktap::test {

class RandomScript {
 public:
  explicit RandomScript(std::uint64_t seed) : random_(seed) {}

  // One to three handlers, each of which prints a line if its conditions hold: conditions that the
  // planner lets through to the kernel.
  std::string filtered_script();

  // On a socket or of a packet; with values that the conditions ask for.
  Event event();

 private:
  std::string handler();
  std::string condition(int depth);
  std::string number(int depth);
  std::string variable();
  std::int64_t literal();
  std::int64_t value();
  std::uint32_t below(std::uint32_t limit) {
    return std::uniform_int_distribution<std::uint32_t>(0, limit - 1)(random_);
  }
  template <typename List>
  auto one_of(const List& list) {
    return list[below(static_cast<std::uint32_t>(std::size(list)))];
  }

  std::mt19937_64 random_;
  std::array<const tapset::ProbePoint*, 2> points_{};  // of the handler that is being made
};

}  // namespace socktap::test
