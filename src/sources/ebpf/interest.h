// What a plan asks of the collectors, in their terms.
#pragma once

#include <cstdint>

#include "plan/plan.h"
#include "tapset/catalogue.h"

namespace socktap::sources::ebpf {

struct Interest {
  tapset::FieldSet fields;
  std::uint64_t wanted = 0;  // SOCKTAP_WANTED_BIT bits
  bool tell_paths = false;   // some point covers fewer than all paths of its direction

  bool wants(tapset::Operation operation, tapset::Phase phase, tapset::Path path) const;
  void renounce(tapset::Operation operation, tapset::Phase phase, tapset::Path path);
  bool wants(tapset::Operation operation, tapset::Phase phase) const;
  bool wants(tapset::Operation operation) const;
  bool measures_latency() const;
  bool wants_messages(tapset::Phase phase) const;
  bool empty() const { return wanted == 0; }
};

Interest interest_of(const plan::Plan& plan);

}  // namespace socktap::sources::ebpf
