/* Whether a thread's current message has been told. */
#pragma once

#include "kernel.h"

struct told_marks {
  __uint(type, BPF_MAP_TYPE_LRU_HASH);
  __uint(max_entries, 16384);
  __type(key, __u32); /* the root namespace's thread id */
  __type(value, __u8);
};
extern struct told_marks told_marks SEC(".maps");
