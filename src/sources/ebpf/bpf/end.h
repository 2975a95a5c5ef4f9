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

struct arrival {
  __u64 key; /* of ending_processes */
  bool joined;
};

static long join_ending(__u32 attempt, void* data) {
  struct arrival* arrival = data;
  const struct ending_process fresh = {.threads = 1};
  struct ending_process* process = bpf_map_lookup_elem(&ending_processes, &arrival->key);
  if (process) return arrival->joined = join(&process->threads);
  const long error = bpf_map_update_elem(&ending_processes, &arrival->key, &fresh, BPF_NOEXIST);
  arrival->joined = !error;
  return error != -EEXIST;
}

/* Counts a thread of the process `key` as one on its way out. */
static __always_inline struct ending_process* thread_ends(__u64 key) {
  struct arrival arrival = {.key = key};
  bpf_loop(JOIN_ATTEMPTS, join_ending, &arrival, 0);
  if (arrival.joined) return bpf_map_lookup_elem(&ending_processes, &key);
  count_missed();
  return NULL;
}

/* Where other threads or processes use the same descriptors, they may outlive this one. */
static __always_inline void process_ends(struct task_struct* task, __u32 tgid,
                                         struct ending_process* process) {
  struct walk walk = {.owner = (__u64)task, .by = {.tgid = tgid}, .last = ~0U};
  walk.for_certain = FETCH(task, files, count.counter) == 1;
  walk_descriptors(&walk, descriptors_of(task), false);
  process->walker = walk.owner;
  process->tgid = tgid;
  process->tid = tid_of(task) & ~OUTSIDE;
  process->ppid = parent_of(task) & ~OUTSIDE;
  process->kept = walk.kept;
}

static __always_inline void thread_is_gone(__u64 key) {
  struct ending_process* process = bpf_map_lookup_elem(&ending_processes, &key);
  if (!process || __sync_fetch_and_add(&process->threads, -1) != 1) return;
  const struct ending_process ended = *process;
  bpf_map_delete_elem(&ending_processes, &key);
  const struct releaser by = {.tgid = ended.tgid, .tid = ended.tid, .ppid = ended.ppid};
  if (ended.kept) settle(ended.walker, ended.kept, &by);
}
