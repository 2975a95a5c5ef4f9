/* The functions that conclude receives: of each family, because the later messages of recvmmsg go
 * to them at once; and those above them, for families that are not here. */
#include "message_hooks.h"

static __always_inline struct passing_message of_family(const __u64* arguments) {
  const struct passing_message message = {(struct socket*)arguments[0], (__u32)arguments[3]};
  return message;
}
#define HOOK_RECEIVES(function) HOOK_MESSAGES(function, 4, SOCKTAP_RECEIVE, of_family, any_result)

HOOK_RECEIVES(inet_recvmsg)
HOOK_RECEIVES(inet6_recvmsg)
HOOK_RECEIVES(sock_common_recvmsg)
HOOK_RECEIVES(unix_stream_recvmsg)
HOOK_RECEIVES(unix_dgram_recvmsg)
HOOK_RECEIVES(unix_seqpacket_recvmsg)
HOOK_RECEIVES(netlink_recvmsg)
HOOK_RECEIVES(packet_recvmsg)

static __always_inline struct passing_message of_any(const __u64* arguments) {
  const struct passing_message message = {(struct socket*)arguments[0], (__u32)arguments[2]};
  return message;
}
HOOK_MESSAGES(sock_recvmsg, 3, SOCKTAP_RECEIVE, of_any, any_result)

static __always_inline struct passing_message spliced(const __u64* arguments) {
  const struct passing_message message = {FETCH((struct file*)arguments[0], private_data), 0};
  return message;
}
HOOK_MESSAGES(sock_splice_read, 5, SOCKTAP_RECEIVE, spliced, any_result)

/* Calls that may make several messages. */
static __always_inline bool is_of_many(enum socktap_call kind) {
  return kind == SOCKTAP_CALL_SENDMMSG || kind == SOCKTAP_CALL_RECVMMSG ||
         kind == SOCKTAP_CALL_SENDFILE || kind == SOCKTAP_CALL_SPLICE ||
         kind == SOCKTAP_CALL_IO_SUBMIT;
}

/* kretprobes are few, and a thread that waits for a message holds one: where there was none left
 * the call's own end tells what became of its message. What makes several messages does not
 * know that of each: it counts as one that was missed. */
static __always_inline int probed_call_ends(long result) {
  struct thread_message* known = message_of_thread();
  if (!known || !known->socket) return 0;
  struct socket* socket = (struct socket*)known->socket;
  const __u8 mark = known->mark;
  known->socket = 0;
  if (mark == MARK_TOLD) return 0;
  const enum socktap_call kind = current_call(current_task()).kind;
  const int direction = known->direction & 1;
  if (is_of_many(kind) || !path_of_call(kind, direction)) {
    count_missed();
    return 0;
  }
  struct sock* sk = FETCH(socket, sk);
  return conclude_message(sk, sk, result, known->flags, direction, true);
}
TRACEPOINT(sys_exit)
int BPF_PROG(probed_call_exit, struct pt_regs* regs, long result) {
  return probed_call_ends(result);
}
TRACEPOINT(sys_exit) /* the first has taken the socket out */
int BPF_PROG(probed_call_exit_twin, struct pt_regs* regs, long result) {
  return probed_call_ends(result);
}
