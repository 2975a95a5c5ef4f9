// What a plan asks of the collectors, in their terms.
#pragma once

#include <array>

#include "plan/plan.h"
#include "tapset/catalogue.h"

namespace socktap::sources::ebpf {

struct Interest {
  tapset::FieldSet fields;
  // By operation and phase: which paths.
  std::array<std::array<tapset::PathSet, 2>, tapset::operation_count> wanted{};
  bool tell_paths = false;  // some point covers fewer than all paths of its direction

  bool wants(tapset::Operation operation, tapset::Phase phase, tapset::Path path) const;
  void renounce(tapset::Operation operation, tapset::Phase phase, tapset::Path path);
  bool wants(tapset::Operation operation, tapset::Phase phase) const;
  bool wants(tapset::Operation operation) const;
  bool measures_latency() const;
  bool wants_messages(tapset::Phase phase) const;
  bool empty() const { return *this == Interest{.fields = fields, .tell_paths = tell_paths}; }
  bool operator==(const Interest&) const = default;
};

Interest interest_of(const plan::Plan& plan);

}  // namespace socktap::sources::ebpf
