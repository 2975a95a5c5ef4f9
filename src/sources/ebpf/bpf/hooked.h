/* Messages by the functions that conclude them, for kernels without the tracepoints. One message
 * may pass several hooked functions on its way: each clears the thread's mark when it is entered,
 * the first to leave tells the message and sets it, and those outside it find it set.
 */
#pragma once

#define SOCKTAP_PROBED
#include "descriptor.h"
#include "message.h"
#include "told_marks.h"

static __always_inline int message_entered(void) {
  __u32 tid = (__u32)bpf_get_current_pid_tgid();
  __u8* told = bpf_map_lookup_elem(&told_marks, &tid);
  if (told) *told = 0;
  return 0;
}

static __always_inline int message_left(struct socket* socket, int result, int flags,
                                        int direction) {
  if (!socket) return 0;
  __u32 tid = (__u32)bpf_get_current_pid_tgid();
  __u8* told = bpf_map_lookup_elem(&told_marks, &tid);
  if (told) {
    if (*told) return 0;
    *told = 1;
  } else {
    const __u8 mark = 1;
    bpf_map_update_elem(&told_marks, &tid, &mark, BPF_ANY);
  }
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
