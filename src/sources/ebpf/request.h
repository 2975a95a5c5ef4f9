// What is asked of the kernel side: which programs, of whom they tell and how.
#pragma once

#include <linux/bpf.h>
#include <linux/types.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "sources/ebpf/collector_abi.h"
#include "sources/ebpf/script_part.h"
#include "sources/ebpf/strategy.h"
#include "sources/interest.h"

namespace socktap::sources::ebpf {

// The sizes of maps. What does not fit is lost and counted.
struct Sizes {
  std::size_t ring_bytes = 0;             // of one CPU's ring; 0: default_ring_bytes()
  std::uint32_t slots = 0;                // of one ring, a power of two; 0: from ring_bytes
  std::uint32_t closing_sockets = 65536;  // to be released by calls that are under way
};

struct Request {
  Interest interest;
  std::vector<const Strategy*> strategies;  // one for each aspect; attached in this order
  bool scoped = false;
  bool include_self = false;
  Preemption preemption;            // inside which programs tasks are
  std::string lacks;                // what the usual programs need of eBPF; "": nothing
  std::uint32_t pid_namespace = 0;  // whose numbers are told, by inode; 0: the root's
  ScriptPart script_part = {};
  Sizes sizes;

  // Inside some program that tells of sockets, or of those that do other than by messages that
  // conclude.
  bool is_preempted() const;
  bool occurrences_are_preempted() const;

  // What is to be written into the programs; empty: nothing.
  const std::vector<bpf_insn>& chosen_part() const {
    return keeps() ? script_part.keeper : script_part.filter;
  }
  bool keeps() const { return !script_part.keeper.empty() && !is_preempted(); }
};

// As the programs are told it. `slots`: of one CPU's ring.
socktap_settings settings_for(const Request& request, std::uint32_t slots);

}  // namespace socktap::sources::ebpf
