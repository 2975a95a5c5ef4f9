/* Sockets being released, by the function that releases them all, whoever held them last. */
#include "hooked.h"
/* hooked.h first */
#include "call.h"
#include "occurrence.h"

/* 1 + the descriptor that the task closes by close(2); 0: it does not. Sockets that were in flight
 * in the one that is closed go on the same occasion, and are told by the same. */
static __always_inline __u32 named_by_close(void) {
  struct task_struct* task = current_task();
  if (KNOWN(task, flags) & (PF_KTHREAD | PF_IO_WORKER)) return 0;
  struct call call = current_call(task);
  if (call.kind != SOCKTAP_CALL_CLOSE) return 0;
  read_arguments(&call, registers_of(task));
  return 1 + (__u32)call.argument[0];
}

static __always_inline int release_of(struct socket* socket, int phase) {
  const __u32 tgid = tgid_of(current_task());
  if (!wants_any(SOCKTAP_CLOSE, phase) || !in_scope(tgid)) return 0;
  struct occurrence occurrence = {.tgid = tgid, .operation = SOCKTAP_CLOSE, .phase = phase};
  if (phase == SOCKTAP_BEGIN) {
    set_socket(&occurrence, socket);
    if (needs(SOCKTAP_FIELD_FD)) occurrence.socket.named = named_by_close();
  }
  tell(&occurrence);
  return 0; /* nothing else may be returned */
}

SEC("socktap/fentry/__sock_release")
int enter___sock_release(__u64* ctx) {
  FENTRY_ARGUMENTS(arguments, 1);
  return release_of((struct socket*)arguments[0], SOCKTAP_BEGIN);
}
SEC("socktap/fexit/__sock_release")
int leave___sock_release(__u64* ctx) { return release_of(NULL, SOCKTAP_CONCLUSION); }

SEC("socktap/kprobe/__sock_release")
int probe___sock_release(struct pt_regs* ctx) {
  __u64 arguments[MOST_ARGUMENTS];
  function_arguments_in(ctx, arguments);
  return release_of((struct socket*)arguments[0], SOCKTAP_BEGIN);
}
SEC("socktap/kretprobe/__sock_release")
int unprobe___sock_release(struct pt_regs* ctx) { return release_of(NULL, SOCKTAP_CONCLUSION); }
