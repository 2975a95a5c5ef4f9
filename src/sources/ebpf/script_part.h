// The script's part of the programs that record events: see bpf/script_part.h.
#pragma once

#include <linux/bpf.h>
#include <sys/types.h>

#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "plan/plan.h"

namespace socktap::sources::ebpf {

// The instructions that tell which events the plan wants in a run with that target() (0: none);
// empty: all that it asks for. The kernel has taken them; if it does not, or they are too many, the
// error says why.
Result<std::vector<bpf_insn>> script_part_of(const plan::Plan& plan, pid_t target);

// What a run that goes on without it cannot do there, and why.
std::string limit_without_script_part(const Error& refusal);

// Writes it over each place for it. False if the program has none.
bool write_script_part(std::span<bpf_insn> program, std::span<const bpf_insn> part);

}  // namespace socktap::sources::ebpf
