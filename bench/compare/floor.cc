#include "compare/floor.h"

#include <bpf/bpf.h>
#include <linux/bpf.h>
#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <iterator>

#include "base/unique_fd.h"

namespace socktap::bench {
namespace {

UniqueFd load_program() {
  const bpf_insn instructions[] = {
      {.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = 0},
      {.code = BPF_JMP | BPF_EXIT},
  };
  return UniqueFd(bpf_prog_load(BPF_PROG_TYPE_RAW_TRACEPOINT, "floor", "GPL", instructions,
                                std::size(instructions), nullptr));
}

}  // namespace

int run_floor() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigprocmask(SIG_BLOCK, &signals, nullptr);
  const UniqueFd program = load_program();
  const UniqueFd send(bpf_raw_tracepoint_open("sock_send_length", program.get()));
  const UniqueFd receive(bpf_raw_tracepoint_open("sock_recv_length", program.get()));
  if (!send.valid() || !receive.valid()) {
    std::perror("cannot attach to sock_send_length and sock_recv_length");
    return 1;
  }
  std::puts("ready");
  std::fflush(stdout);
  int signal = 0;
  return sigwait(&signals, &signal);
}

}  // namespace socktap::bench
