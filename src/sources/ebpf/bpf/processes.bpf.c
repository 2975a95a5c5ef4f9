/* Processes that begin, by fork and again by each exec, and that end. */
#include "bare_record.h"
#include "twin.h"

/* Two threads that leave at once may both find nobody left: the first to enter tells. */
struct ended_process {
  __u64 start_time;
  __u64 tgid; /* the root namespace's */
};
struct ended_processes {
  __uint(type, BPF_MAP_TYPE_LRU_HASH);
  __uint(max_entries, 4096);
  __type(key, struct ended_process);
  __type(value, __u8);
};
struct ended_processes ended_processes SEC(".maps");

static __always_inline int tell_process(struct task_struct* task, __u32 tgid, int phase,
                                        __u32 parent_tgid) {
  if (!wants_any(SOCKTAP_PROCESS, phase)) return 0;
  const struct slot slot = bare_record(task, tgid, SOCKTAP_PROCESS, phase);
  if (!slot.record) return 0;
  if (parent_tgid && needs(SOCKTAP_FIELD_PARENT)) slot.record->ppid = parent_tgid & ~OUTSIDE;
  publish(&slot);
  return 0;
}

/* A child is not in the scope before its parent has made it. Who made it is told as its parent,
 * which CLONE_PARENT says otherwise. */
static __always_inline int process_fork_body(struct task_struct* parent,
                                             struct task_struct* child) {
  const __u32 parent_tgid = tgid_of(parent);
  const __u32 child_tgid = tgid_of(child);
  if (child_tgid == parent_tgid || !in_scope(parent_tgid)) return 0;
  return tell_process(child, child_tgid, SOCKTAP_BEGIN, parent_tgid);
}
TWINS(process_fork, sched_process_fork, (struct task_struct * parent, struct task_struct* child),
      (parent, child))

static __always_inline int process_exec_body(struct task_struct* task) {
  const __u32 tgid = tgid_of(task);
  return in_scope(tgid) ? tell_process(task, tgid, SOCKTAP_BEGIN, 0) : 0;
}
TWINS(process_exec, sched_process_exec, (struct task_struct * task), (task))

/* The calibration ends a child of its own. */
static __always_inline bool is_wanted(struct task_struct* task, __u32 tgid) {
  if (stage == SOCKTAP_STAGE_CALIBRATING) return parent_of(task) == settings.own_tgid;
  return in_scope(tgid);
}

static __always_inline int process_exit_body(struct task_struct* exiting) {
  struct task_struct* task = current_task();
  if (FETCH(task, signal, live.counter) != 0) return 0;
  const __u32 tgid = tgid_of(task);
  if (!is_wanted(task, tgid)) return 0;
  const struct ended_process process = {.start_time = FETCH(task, group_leader, start_time),
                                        .tgid = KNOWN(task, tgid)};
  const __u8 told = 1;
  if ((int)bpf_map_update_elem(&ended_processes, &process, &told, BPF_NOEXIST) == -EEXIST) return 0;
  return tell_process(task, tgid, SOCKTAP_CONCLUSION, 0);
}
TWINS(process_exit, sched_process_exit, (struct task_struct * exiting), (exiting))
