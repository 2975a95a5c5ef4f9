/* Keeps the map of traced processes: children of one are added, processes that ended removed. */
#include "task.h"

SEC("tp_btf/sched_process_fork")
int BPF_PROG(scope_fork, struct task_struct* parent, struct task_struct* child) {
  const __u32 child_tgid = tgid_of(child);
  const __u32 parent_tgid = tgid_of(parent);
  if (child_tgid == parent_tgid) return 0; /* a thread */
  if ((child_tgid | parent_tgid) & OUTSIDE) return 0;
  const __u64* of_parent = scope_word(parent_tgid);
  if (!of_parent || !(*of_parent >> (parent_tgid & 63) & 1)) return 0;
  __u64* of_child = scope_word(child_tgid);
  if (of_child) __sync_fetch_and_or(of_child, 1ULL << (child_tgid & 63));
  return 0;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(scope_exit, struct task_struct* task) {
  if (FETCH(task, signal, live.counter) != 0) return 0; /* not the last thread */
  const __u32 tgid = tgid_of(task);
  if (tgid & OUTSIDE) return 0;
  __u64* word = scope_word(tgid);
  if (word && *word >> (tgid & 63) & 1) __sync_fetch_and_and(word, ~(1ULL << (tgid & 63)));
  return 0;
}
