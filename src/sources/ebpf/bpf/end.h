/* The end of a process, which closes what is open. Its last thread looks at the descriptors when
 * it begins to end; it closes them later, and what other processes hold too is released only if
 * they drop it as well. So the sockets are looked at again when the last thread is gone. */
#pragma once

#include "close.h"

#define TASK_DEAD 0x80

static __always_inline bool is_dead(struct task_struct* task) {
  if (bpf_core_field_exists(task->__state)) return task->__state & TASK_DEAD;
  return FETCH((struct task_struct___before_5_14*)task, state) & TASK_DEAD;
}

static __always_inline struct ending_process* thread_ends(__u64 key) {
  const struct ending_process fresh = {.threads = 1};
#pragma unroll
  for (int attempt = 0; attempt < 3; attempt++) {
    struct ending_process* process = bpf_map_lookup_elem(&ending_processes, &key);
    if (process && __sync_fetch_and_add(&process->threads, 1) > 0) return process;
    if (!bpf_map_update_elem(&ending_processes, &key, &fresh, BPF_NOEXIST))
      return bpf_map_lookup_elem(&ending_processes, &key);
  }
  count_missed();
  return NULL;
}

/* Where other threads or processes use the same descriptors, they may outlive this one. */
static __always_inline void process_ends(struct task_struct* task, __u32 tgid, __u64 key,
                                         struct ending_process* process) {
  struct walk walk = {.owner = key, .by = {.tgid = tgid}, .last = ~0U};
  walk.for_certain = FETCH(task, files, count.counter) == 1;
  walk_descriptors(&walk, descriptors_of(task), false);
  process->tgid = tgid;
  process->tid = tid_of(task) & ~OUTSIDE;
  process->ppid = parent_of(task) & ~OUTSIDE;
  process->kept = walk.kept;
}

static __always_inline void thread_is_gone(__u64 key) {
  struct ending_process* process = bpf_map_lookup_elem(&ending_processes, &key);
  if (!process || __sync_fetch_and_add(&process->threads, -1) != 1) return;
  const struct releaser by = {.tgid = process->tgid, .tid = process->tid, .ppid = process->ppid};
  const __u32 kept = process->kept;
  bpf_map_delete_elem(&ending_processes, &key);
  if (kept) settle(key, kept, &by);
}
