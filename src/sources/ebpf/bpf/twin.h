/* Since Linux 7.1 a task can be preempted inside a program of a tracepoint, and another one that
 * comes to the same tracepoint on that CPU meanwhile is not given to the program. There every such
 * program has a twin behind it, and those of messages a third, which do what those before them were
 * not given: all are seldom preempted at once. Who has done it leaves a mark for those behind it.
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

enum {
  MARK_OF_FIRST = 1,
  MARK_OF_SECOND, /* it is done, or just about to be */
  MARK_OF_THIRD,
};

/* Leaves `mark`; which one was there. */
static __always_inline __u8 exchange_mark(__u32 twin, __u8 mark) {
  const struct twin_key key = {current_thread(), twin};
  __u8* known = bpf_map_lookup_elem(&twin_marks, &key);
  if (!known) {
    bpf_map_update_elem(&twin_marks, &key, &mark, BPF_ANY);
    return 0;
  }
  const __u8 before = *known;
  *known = mark;
  return before;
}

static __always_inline bool take_over(__u32 twin) {
  if (stage != SOCKTAP_STAGE_OFF && twin < SOCKTAP_TWINS)
    __sync_fetch_and_add(&taken_over[twin], 1);
  return true;
}

static __always_inline void first_does(__u32 twin) {
  if (settings.has_twins) exchange_mark(twin, MARK_OF_FIRST);
}
/* Whether nobody before it has. A mark of another than the first is of an earlier event. */
static __always_inline bool second_has_to(__u32 twin) {
  return exchange_mark(twin, MARK_OF_SECOND) != MARK_OF_FIRST && take_over(twin);
}
static __always_inline bool third_has_to(__u32 twin) {
  const __u8 mark = exchange_mark(twin, MARK_OF_THIRD);
  return mark != MARK_OF_FIRST && mark != MARK_OF_SECOND && take_over(twin);
}

/* A program of a typed tracepoint and its twin: TWINS(name, tracepoint, (types and names), (names))
 * runs name_body(names). */
#define TWINS(name, tracepoint, parameters, arguments)                     \
  TRACEPOINT(tracepoint)                                                   \
  int BPF_PROG(name, TWIN_LIST parameters) {                               \
    first_does(SOCKTAP_TWIN_##name);                                       \
    return name##_body arguments;                                          \
  }                                                                        \
  TRACEPOINT(tracepoint)                                                   \
  int BPF_PROG(name##_twin, TWIN_LIST parameters) {                        \
    return second_has_to(SOCKTAP_TWIN_##name) ? name##_body arguments : 0; \
  }
#define TWIN_LIST(...) __VA_ARGS__
