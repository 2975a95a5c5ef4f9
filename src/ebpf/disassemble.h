// Programs as text, in the notation of LLVM and bpftool.
#pragma once

#include <string>

#include "ebpf/program.h"

namespace socktap::ebpf {

// One instruction a line, with its slot as the verifier's messages count them and its note:
// `   7: r1 = *(u32 *)(r6 + 12)        ; port`. Labels have lines of their own: `L2:`.
std::string disassemble(const Program& program);

// One instruction alone: `if r1 s> 5 goto L2`.
std::string text_of(const Instruction& instruction);

}  // namespace socktap::ebpf
