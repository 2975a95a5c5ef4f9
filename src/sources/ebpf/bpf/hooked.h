/* Messages by the functions that conclude them, for kernels without the tracepoints. One message
 * may pass several hooked functions on its way: each clears the thread's mark when it is entered,
 * the first to leave tells the message and sets it, and those outside it find it set.
 */
#pragma once

#define SOCKTAP_PROBED
#include "descriptor.h"
#include "message.h"
#include "told_marks.h"

/* The mark of the current thread; NULL if it has none yet. */
static __always_inline __u8* current_mark(void) {
  __u32 tid = (__u32)bpf_get_current_pid_tgid();
  return bpf_map_lookup_elem(&told_marks, &tid);
}

static __always_inline void set_mark(__u8 mark) {
  __u32 tid = (__u32)bpf_get_current_pid_tgid();
  __u8* known = current_mark();
  if (known)
    *known = mark;
  else
    bpf_map_update_elem(&told_marks, &tid, &mark, BPF_ANY);
}

static __always_inline int message_entered(void) {
  __u8* mark = current_mark();
  if (mark) *mark = MARK_NONE;
  return 0;
}

static __always_inline int message_left(struct socket* socket, int result, int flags,
                                        int direction) {
  if (!socket) return 0;
  const __u8* mark = current_mark();
  if (mark && *mark == MARK_TOLD) return 0;
  set_mark(MARK_TOLD);
  struct sock* sk = FETCH(socket, sk);
  return conclude(sk, sk, result, flags, direction);
}

/* ENTER(function): the program at its entry. The one at its exit is LEAVE(function) (parameters).
 */
#define ENTER(function)    \
  SEC("fentry/" #function) \
  int enter_##function(__u64* ctx) { return message_entered(); }
#define LEAVE(function, ...) \
  SEC("fexit/" #function)    \
  int BPF_PROG(leave_##function, __VA_ARGS__)
