// What a plan asks of a source that observes, in terms of what happens.
#pragma once

#include <array>
#include <vector>

#include "plan/plan.h"
#include "tapset/catalogue.h"

namespace socktap::sources {

// Which system calls, by phase: forms by their index in tapset::calls(), and those that are none.
struct CallInterest {
  std::array<std::vector<bool>, 2> forms;
  std::array<bool, 2> unknown{};

  bool wants(std::size_t form, tapset::Phase phase) const;
};

struct Interest {
  tapset::FieldSet fields;
  // By operation and phase: which paths.
  std::array<std::array<tapset::PathSet, 2>, tapset::operation_count> wanted{};
  CallInterest calls;
  bool tell_paths = false;  // some point covers fewer than all paths of its direction

  bool wants(tapset::Operation operation, tapset::Phase phase, tapset::Path path) const;
  void renounce(tapset::Operation operation, tapset::Phase phase, tapset::Path path);
  bool wants(tapset::Operation operation, tapset::Phase phase) const;
  bool wants(tapset::Operation operation) const;
  bool measures_latency() const;
  bool wants_messages(tapset::Phase phase) const;
  bool empty() const { return wanted == decltype(wanted)(); }
};

Interest interest_of(const plan::Plan& plan);

// What of the addresses that a socket or a segment has.
bool asks_for_addresses(tapset::FieldSet fields);

}  // namespace socktap::sources
