/* When each thread entered its last call that may make messages. */
#pragma once

#include "access.h"
#include "settings.h"

struct entry_times {
  __uint(type, BPF_MAP_TYPE_LRU_HASH);
  __uint(max_entries, 16384);
  __type(key, __u32); /* the root namespace's thread id */
  __type(value, __u64);
};
extern struct entry_times entry_times SEC(".maps");

static __always_inline __u64 latency_of(struct task_struct* task,
                                        const struct socktap_record* record) {
  __u32 tid = KNOWN(task, pid);
  const __u64* entered = bpf_map_lookup_elem(&entry_times, &tid);
  return entered ? record->time - *entered : 0;
}
