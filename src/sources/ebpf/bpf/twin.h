/* Since Linux 7.1 a task can be preempted inside a program of a tracepoint, and another one that
 * comes to the same tracepoint on that CPU meanwhile is not given to the program. There every such
 * program has a twin behind it, which is given what the first was not: two are seldom preempted at
 * once. The first leaves a mark for the twin; without one the twin does its work.
 */
#pragma once

#include "ring.h"

struct twin_marks {
  __uint(type, BPF_MAP_TYPE_LRU_HASH);
  __uint(max_entries, 16384);
  __type(key, __u32); /* the root namespace's thread id */
  __type(value, __u8);
};
extern struct twin_marks twin_marks SEC(".maps");

static __always_inline void leave_mark(void) {
  if (!settings.has_twins) return;
  const __u32 tid = (__u32)bpf_get_current_pid_tgid();
  const __u8 mark = 1;
  __u8* known = bpf_map_lookup_elem(&twin_marks, &tid);
  if (known)
    *known = mark;
  else
    bpf_map_update_elem(&twin_marks, &tid, &mark, BPF_ANY);
}

/* Whether the first program has done it. */
static __always_inline bool take_mark(void) {
  const __u32 tid = (__u32)bpf_get_current_pid_tgid();
  __u8* known = bpf_map_lookup_elem(&twin_marks, &tid);
  if (known && *known) {
    *known = 0;
    return true;
  }
  struct socktap_cpu* cpu = this_cpu();
  if (cpu) __sync_fetch_and_add(&cpu->taken_over, 1);
  return false;
}
