/* Since Linux 7.1 a task can be preempted inside a program of a tracepoint, and another one that
 * comes to the same tracepoint on that CPU meanwhile is not given to the program. There every such
 * program has a twin behind it, which is given what the first was not: two are seldom preempted at
 * once. The first leaves a mark for the twin; without one the twin does its work.
 */
#pragma once

#include "settings.h"

extern __u64 taken_over[SOCKTAP_TWINS];

struct twin_key {
  __u32 tid; /* the root namespace's */
  __u32 twin;
};
struct twin_marks {
  __uint(type, BPF_MAP_TYPE_LRU_HASH);
  __uint(max_entries, 65536);
  __type(key, struct twin_key);
  __type(value, __u8);
};
extern struct twin_marks twin_marks SEC(".maps");

static __always_inline void leave_mark(__u32 twin) {
  if (!settings.has_twins) return;
  const struct twin_key key = {(__u32)bpf_get_current_pid_tgid(), twin};
  const __u8 mark = 1;
  __u8* known = bpf_map_lookup_elem(&twin_marks, &key);
  if (known)
    *known = mark;
  else
    bpf_map_update_elem(&twin_marks, &key, &mark, BPF_ANY);
}

/* Whether the first program has done it. */
static __always_inline bool take_mark(__u32 twin) {
  const struct twin_key key = {(__u32)bpf_get_current_pid_tgid(), twin};
  __u8* known = bpf_map_lookup_elem(&twin_marks, &key);
  if (known && *known) {
    *known = 0;
    return true;
  }
  if (stage != SOCKTAP_STAGE_OFF && twin < SOCKTAP_TWINS)
    __sync_fetch_and_add(&taken_over[twin], 1);
  return false;
}

/* A program of a typed tracepoint and its twin: TWINS(name, tracepoint, (types and names), (names))
 * runs name_body(names). */
#define TWINS(name, tracepoint, parameters, arguments)                 \
  SEC("tp_btf/" #tracepoint)                                           \
  int BPF_PROG(name, TWIN_LIST parameters) {                           \
    leave_mark(SOCKTAP_TWIN_##name);                                   \
    return name##_body arguments;                                      \
  }                                                                    \
  SEC("tp_btf/" #tracepoint)                                           \
  int BPF_PROG(name##_twin, TWIN_LIST parameters) {                    \
    return take_mark(SOCKTAP_TWIN_##name) ? 0 : name##_body arguments; \
  }
#define TWIN_LIST(...) __VA_ARGS__
