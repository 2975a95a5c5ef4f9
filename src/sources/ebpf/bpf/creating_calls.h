/* The tasks that are in a call that makes sockets. */
#pragma once

#include "kernel.h"

struct creating_calls {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(map_flags, BPF_F_NO_PREALLOC);
  __uint(max_entries, 4096);
  __type(key, __u64); /* the task */
  __type(value, __u8);
};
extern struct creating_calls creating_calls SEC(".maps");
