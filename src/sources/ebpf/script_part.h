// The script's part of the programs that record events: see bpf/script_part.h.
#pragma once

#include <linux/bpf.h>
#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"
#include "ebpf/script_memory.h"
#include "plan/plan.h"

namespace socktap::sources::ebpf {

struct ScriptPart {
  // Which events are wanted; empty: all that the plan asks for.
  std::vector<bpf_insn> filter;
  // The same, and what is kept; empty: nothing is. Only for programs that no task is preempted in.
  std::vector<bpf_insn> keeper;
  socktap::ebpf::MemoryLayout layout;                  // of what is kept
  std::uint64_t secret = 0;                            // that it was compiled with
  std::shared_ptr<std::vector<UniqueFd>> thread_maps;  // that `keeper` looks at
  // What of the script must run in user space, and what the kernel refused, as people read it.
  std::vector<std::string> limits, refusals;

  bool empty() const { return filter.empty() && keeper.empty(); }
};

// What the plan wants of a run with that target() (0: none), as far as the kernel takes it.
ScriptPart script_part_of(const plan::Plan& plan, pid_t target);

// What a run that goes on without it has to do in user space, and why.
std::string refusal_of_script_part(const Error& refusal);

// Writes it over each place for it. False if the program has none.
bool write_script_part(std::span<bpf_insn> program, std::span<const bpf_insn> part);

}  // namespace socktap::sources::ebpf
