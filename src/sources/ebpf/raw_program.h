// Small programs, put together by hand: to find out what a kernel can do.
#pragma once

#include <bpf/bpf.h>
#include <linux/bpf.h>

#include <span>
#include <vector>

namespace socktap::sources::ebpf {

constexpr bpf_insn call(int helper) { return {.code = BPF_JMP | BPF_CALL, .imm = helper}; }
constexpr bpf_insn return_0 = {.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0};
constexpr bpf_insn leave = {.code = BPF_JMP | BPF_EXIT};

// Returns the descriptor, or the negative errno. `log`, if there is one, is filled with what the
// verifier says.
inline int load_raw(const std::vector<bpf_insn>& instructions,
                    bpf_prog_type type = BPF_PROG_TYPE_RAW_TRACEPOINT, std::span<char> log = {}) {
  LIBBPF_OPTS(bpf_prog_load_opts, options);
  if (!log.empty()) {
    options.log_level = 1;
    options.log_buf = log.data();
    options.log_size = static_cast<__u32>(log.size());
  }
  return bpf_prog_load(type, "socktap_probe", "Dual BSD/GPL", instructions.data(),
                       instructions.size(), &options);
}

}  // namespace socktap::sources::ebpf
