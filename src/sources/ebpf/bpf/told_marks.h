/* How far a thread's current message has come. */
#pragma once

#include "kernel.h"

enum {
  MARK_NONE = 0,
  MARK_TOLD,
  MARK_REACHED, /* the socket layer */
};

struct told_marks {
  __uint(type, BPF_MAP_TYPE_LRU_HASH);
  __uint(max_entries, 16384);
  __type(key, __u32); /* the root namespace's thread id */
  __type(value, __u8);
};
extern struct told_marks told_marks SEC(".maps");
