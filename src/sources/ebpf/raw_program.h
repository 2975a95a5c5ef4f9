// Small programs, put together by hand: to find out what a kernel can do.
#pragma once

#include <bpf/bpf.h>
#include <linux/bpf.h>

#include <vector>

namespace socktap::sources::ebpf {

constexpr bpf_insn call(int helper) { return {.code = BPF_JMP | BPF_CALL, .imm = helper}; }
constexpr bpf_insn return_0 = {.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0};
constexpr bpf_insn leave = {.code = BPF_JMP | BPF_EXIT};

// Returns the descriptor, or the negative errno.
inline int load_raw(const std::vector<bpf_insn>& instructions,
                    bpf_prog_type type = BPF_PROG_TYPE_RAW_TRACEPOINT) {
  return bpf_prog_load(type, "socktap_probe", "Dual BSD/GPL", instructions.data(),
                       instructions.size(), nullptr);
}

}  // namespace socktap::sources::ebpf
