// The way back from bpf_insn, so that what is marshalled can be tested and printed.
#pragma once

#include <linux/bpf.h>

#include <span>

#include "base/result.h"
#include "ebpf/program.h"

namespace socktap::ebpf {

// A label is numbered by the slot it is bound at, a map by what stands in its load's `imm`; notes
// and spans are empty. Whatever is decoded is marshalled to the same bytes again: instructions
// outside of ebpf/instruction.h, and bits they do not use, are refused with slot and reason.
Result<Program> decode(std::span<const bpf_insn> instructions);

}  // namespace socktap::ebpf
