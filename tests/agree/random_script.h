// Scripts and events out of a seed, for engines that must agree on them.
#pragma once

#include <array>
#include <random>
#include <string>
#include <vector>

#include "event/event.h"

namespace socktap::test {

// Elements that each thread has of its own, and whether one is there.
struct OwnElement {
  const char* array;
  const char* place;
  const char* is_there;
};

class RandomScript {
 public:
  explicit RandomScript(std::uint64_t seed) : random_(seed) {}

  // One to three handlers, each of which prints a line if its conditions hold: conditions that the
  // planner lets through to the kernel.
  std::string filtered_script();

  // Handlers that update globals and elements of their threads', most of them in ways that the
  // kernel can; some print; a timer and an end that print what the globals are.
  std::string keeping_script();

  // On a socket or of a packet; with values that the conditions ask for, one after another.
  WholeEvent event();

 private:
  // A global that handlers update, and how.
  struct Global {
    std::string name;
    std::string columns;  // of the key: 'n' a number, 's' a text
    enum class Kind : std::uint8_t { sum, statistic, histogram, last_number, last_text } kind;
  };

  std::string handler();
  Global global(std::uint32_t number);
  std::string keeping_handler(const std::vector<Global>& globals);
  std::string settled_condition();
  std::string own_pair(const OwnElement& own, const std::vector<Global>& globals);
  std::string own_statement();
  std::string own_number();
  std::string value_of_update();
  std::string updates(const std::vector<Global>& globals);
  std::string update(const Global& global);
  static std::string first_update(const Global& global);
  std::string key();
  std::string text();
  static std::string shown(const Global& global);
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
  bool has_own_ = false;  // the script has arrays of which each thread has elements of its own
  std::uint64_t time_ = 1'000'000'000;  // of the next event
};

}  // namespace socktap::test
