// The script's part of the programs that record events: see bpf/script_part.h.
#pragma once

#include <linux/bpf.h>
#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
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
  bool reads_tail = false;                             // either looks at the first part of the tail
  std::uint64_t secret = 0;                            // that it was compiled with
  std::shared_ptr<std::vector<UniqueFd>> thread_maps;  // that `keeper` looks at
  std::vector<std::string> limits;                     // what of the script must run in user space
  std::vector<std::string> refusals;  // what of it the kernel refused, as people read it

  bool empty() const { return filter.empty() && keeper.empty(); }
};

// What the plan wants of a run with that target() (0: none), as far as the kernel takes it.
ScriptPart script_part_of(const plan::Plan& plan, pid_t target);

// "events are counted in user space: cannot load ...": what a run that goes on without it has to do
// there, and why.
std::string refusal_of_script_part(std::string_view what, const Error& refusal);

// Whether the kernel takes the part: alone, on a record of which nothing is known, so that a
// refusal is not laid at a program's door. With `memory` bytes for what is kept. The error's hint
// is what the verifier says.
Result<void> try_script_part(const std::vector<bpf_insn>& part, std::uint64_t memory);

// Writes it over each place for it. False if the program has none.
bool write_script_part(std::span<bpf_insn> program, std::span<const bpf_insn> part);

}  // namespace socktap::sources::ebpf
