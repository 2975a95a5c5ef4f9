/* Messages where a task can be preempted inside programs of tracepoints (see twin.h): by kprobes,
 * inside which it cannot, at the functions that call the tracepoints. The kernel calls those only
 * while something is attached to the tracepoint itself.
 */
#include "hooked.h"
/* hooked.h first */
#include "message.h"

static __always_inline int traced(struct pt_regs* ctx, int direction) {
  KPROBE_ARGUMENTS(arguments);
  struct sock* sk = (struct sock*)arguments[0];
  const int flags = direction == SOCKTAP_SEND ? 0 : (int)arguments[2]; /* of a send it has none */
  return conclude(sk, sk, (int)arguments[1], flags, direction);
}

SEC("socktap/kprobe/call_trace_sock_send_length")
int send_traced(struct pt_regs* ctx) { return traced(ctx, SOCKTAP_SEND); }
SEC("socktap/kprobe/call_trace_sock_send_length.constprop.0") /* without the flags, which are always 0 */
int send_traced_without_flags(struct pt_regs* ctx) { return traced(ctx, SOCKTAP_SEND); }
SEC("socktap/kprobe/call_trace_sock_recv_length")
int receive_traced(struct pt_regs* ctx) { return traced(ctx, SOCKTAP_RECEIVE); }

SEC("socktap/raw_tp/sock_send_length")
int open_send(void* ctx) { return 0; }
SEC("socktap/raw_tp/sock_recv_length")
int open_receive(void* ctx) { return 0; }
