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
  const __u8* parent_byte = parent_tgid & OUTSIDE ? NULL : scope_byte(parent_tgid);
  const __u8 traced = parent_byte ? *parent_byte : 0;
  __u8* child_byte = scope_byte(child_tgid);
  if (child_byte && *child_byte != traced) *child_byte = traced;
  return 0;
}

TRACEPOINT(sched_process_fork)
int BPF_PROG(scope_fork, struct task_struct* parent, struct task_struct* child) {
  return forked(parent, child);
}

/* Twice does no harm: see twin.h. */
TRACEPOINT(sched_process_fork)
int BPF_PROG(scope_fork_twin, struct task_struct* parent, struct task_struct* child) {
  return forked(parent, child);
}
