/* Messages by the functions that conclude them, for kernels without the tracepoints. One message
 * may pass several hooked functions on its way: each clears the thread's mark when it is entered,
 * the first to leave tells the message and sets it, and those outside it find it set.
 */
#pragma once

#include "hooked.h"
/* hooked.h first */
#include "descriptor.h"
#include "message.h"
#include "thread_messages.h"

static __always_inline struct thread_message* message_of_thread(void) {
  const __u32 tid = current_thread();
  return bpf_map_lookup_elem(&thread_messages, &tid);
}

static __always_inline void set_mark(__u8 mark) {
  struct thread_message* known = message_of_thread();
  if (known) {
    known->mark = mark;
    return;
  }
  const __u32 tid = current_thread();
  const struct thread_message first = {.mark = mark};
  bpf_map_update_elem(&thread_messages, &tid, &first, BPF_ANY);
}

static __always_inline int message_entered(void) {
  struct thread_message* known = message_of_thread();
  if (known) known->mark = MARK_NONE;
  return 0;
}

static __always_inline int message_left(struct socket* socket, int result, int flags,
                                        int direction) {
  if (!socket) return 0;
  const struct thread_message* known = message_of_thread();
  if (known && known->mark == MARK_TOLD) return 0;
  set_mark(MARK_TOLD);
  struct sock* sk = FETCH(socket, sk);
  return conclude(sk, sk, result, flags, direction);
}

/* The message that a hooked function is given. */
struct passing_message {
  struct socket* socket; /* NULL: none */
  __u32 flags;
};

/* Of kprobes: what the return needs. The same function is not entered twice by a thread before it
 * returns. */
static __always_inline int message_probed(const struct passing_message* message, __u32 function,
                                          int direction) {
  const struct message_key key = {current_thread(), function};
  const struct kept_message kept = {(__u64)message->socket, message->flags};
  if (!message->socket) return 0;
  if (bpf_map_update_elem(&kept_messages, &key, &kept, BPF_ANY)) count_missed();
  struct thread_message* known = message_of_thread();
  if (!known) set_mark(MARK_NONE);
  known = message_of_thread();
  if (!known) return 0;
  known->mark = MARK_NONE;
  known->direction = direction;
  known->flags = kept.flags;
  /* What the end of the call may tell: only what the call itself does. */
  struct task_struct* task = current_task();
  const bool in_call = !(KNOWN(task, flags) & (PF_KTHREAD | PF_IO_WORKER)) &&
                       origin_of_call(task, direction, false).path != SOCKTAP_PATH_NONE;
  known->socket = in_call ? kept.socket : 0;
  return 0;
}

static __always_inline int message_returned(__u32 function, int result, int direction,
                                            bool is_message) {
  const struct message_key key = {current_thread(), function};
  const struct kept_message* known = bpf_map_lookup_elem(&kept_messages, &key);
  if (!known) return 0;
  const struct kept_message kept = *known;
  bpf_map_delete_elem(&kept_messages, &key);
  if (is_message) return message_left((struct socket*)kept.socket, result, kept.flags, direction);
  set_mark(MARK_TOLD); /* there is nothing to be told */
  return 0;
}

/* The programs of `function`, which has `count` arguments: `message_of` makes a passing_message of
 * them, and `is_message` tells of a result whether there was one. */
#define HOOK_MESSAGES(function, count, direction, message_of, is_message)              \
  SEC("socktap/fentry/" #function)                                                     \
  int enter_##function(__u64* ctx) { return message_entered(); }                       \
  SEC("socktap/fexit/" #function)                                                      \
  int leave_##function(__u64* ctx) {                                                   \
    FENTRY_ARGUMENTS(arguments, count);                                                \
    const int result = ctx[count];                                                     \
    if (!is_message(result)) return 0;                                                 \
    const struct passing_message message = message_of(arguments);                      \
    return message_left(message.socket, result, message.flags, direction);             \
  }                                                                                    \
  SEC("socktap/kprobe/" #function)                                                     \
  int probe_##function(struct pt_regs* ctx) {                                          \
    KPROBE_ARGUMENTS(arguments);                                                       \
    const struct passing_message message = message_of(arguments);                      \
    return message_probed(&message, HOOKED_##function, direction);                     \
  }                                                                                    \
  SEC("socktap/kretprobe/" #function)                                                  \
  int unprobe_##function(struct pt_regs* ctx) {                                        \
    const int result = function_result_in(ctx);                                        \
    return message_returned(HOOKED_##function, result, direction, is_message(result)); \
  }

static __always_inline bool any_result(int result) { return true; }
