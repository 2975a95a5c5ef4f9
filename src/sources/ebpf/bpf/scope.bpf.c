/* Keeps the map of traced processes: a new one is traced if its parent is. Nothing is done when one
 * ends: a thread on its way out may still release sockets although its process has counted down to
 * no living thread, and the number means nobody until a new process gets it, which sets it again.
 */
#include "task.h"

static __always_inline int forked(struct task_struct* parent, struct task_struct* child) {
  const __u32 child_tgid = tgid_of(child);
  const __u32 parent_tgid = tgid_of(parent);
  if (child_tgid == parent_tgid) return 0; /* a thread */
  if (child_tgid & OUTSIDE) return 0;
  const __u64* of_parent = parent_tgid & OUTSIDE ? NULL : scope_word(parent_tgid);
  const bool traced = of_parent && *of_parent >> (parent_tgid & 63) & 1;
  __u64* of_child = scope_word(child_tgid);
  const __u64 bit = 1ULL << (child_tgid & 63);
  if (!of_child || !!(*of_child & bit) == traced) return 0;
  if (traced)
    __sync_fetch_and_or(of_child, bit);
  else
    __sync_fetch_and_and(of_child, ~bit);
  return 0;
}

SEC("tp_btf/sched_process_fork")
int BPF_PROG(scope_fork, struct task_struct* parent, struct task_struct* child) {
  return forked(parent, child);
}

/* Twice does no harm: see twin.h. */
SEC("tp_btf/sched_process_fork")
int BPF_PROG(scope_fork_twin, struct task_struct* parent, struct task_struct* child) {
  return forked(parent, child);
}
