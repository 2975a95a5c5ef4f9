/* Who: whether a task's events are wanted, and the first cache line of a record. */
#pragma once

#include "access.h"
#include "ring.h"

/* A byte for each process: whether it is traced. */
struct scope_bytes {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(map_flags, BPF_F_MMAPABLE);
  __uint(max_entries, 1); /* SOCKTAP_SCOPE_ENTRIES if settings.scoped */
  __type(key, __u32);
  __type(value, struct socktap_scope_entry);
};
extern struct scope_bytes scope SEC(".maps");

/* How many namespaces deep a task may live below the root for its numbers to be translated. */
#define PID_LEVELS 8

/* A task outside socktap's PID namespace is known by its root number, which may be another one's
 * inside. This bit, beyond all numbers, keeps them apart; records are without it. */
#define OUTSIDE (1U << 31)

/* The number of `pid` in socktap's PID namespace, or `root_number` and OUTSIDE. */
static __always_inline __u32 number_of(struct pid* pid, __u32 root_number) {
  const __u32 level = FETCH(pid, level);
  __u32 number = root_number | OUTSIDE;
#pragma unroll
  for (__u32 i = 1; i <= PID_LEVELS; i++) {
    if (level >= i && FETCH(pid, numbers[i].ns, ns.inum) == settings.pidns_inum)
      number = FETCH(pid, numbers[i].nr);
  }
  return number;
}

static __always_inline __u32 tgid_of(struct task_struct* task) {
  const __u32 tgid = KNOWN(task, tgid);
  if (!settings.pidns_inum) return tgid;
  return number_of(FETCH(task, signal, pids[PIDTYPE_TGID]), tgid);
}

static __always_inline __u32 tid_of(struct task_struct* task) {
  const __u32 tid = KNOWN(task, pid);
  if (!settings.pidns_inum) return tid;
  return number_of(FETCH(task, thread_pid), tid);
}

static __always_inline __u32 parent_of(struct task_struct* task) {
  struct task_struct* parent = FETCH(task, real_parent);
  const __u32 tgid = FETCH(parent, tgid);
  if (!settings.pidns_inum) return tgid;
  return number_of(FETCH(parent, signal, pids[PIDTYPE_TGID]), tgid);
}

static __always_inline __u8* scope_byte(__u32 tgid) {
  __u32 index = tgid / SOCKTAP_SCOPE_ENTRY & (SOCKTAP_SCOPE_ENTRIES - 1);
  struct socktap_scope_entry* entry = bpf_map_lookup_elem(&scope, &index);
  return entry ? &entry->traced[tgid & (SOCKTAP_SCOPE_ENTRY - 1)] : NULL;
}

static __always_inline bool in_scope_quietly(__u32 tgid) {
  if (stage != SOCKTAP_STAGE_LIVE)
    return stage == SOCKTAP_STAGE_CALIBRATING && tgid == settings.own_tgid;
  if (!settings.include_self && tgid == settings.own_tgid) return false;
  if (!settings.scoped) return true;
  if (tgid & OUTSIDE) return false;
  const __u8* traced = scope_byte(tgid);
  return traced && *traced;
}

/* As above, for what would be an event: those of other processes are counted. */
static __always_inline bool in_scope(__u32 tgid) {
  if (in_scope_quietly(tgid)) return true;
  const bool own = !settings.include_self && tgid == settings.own_tgid;
  if (settings.scoped && stage == SOCKTAP_STAGE_LIVE && !own) count_filtered();
  return false;
}

/* Who: everything of the record's first cache line but `commit` and `time`. The calibration asks
 * whose events are its own. */
static __always_inline void fill_task(struct socktap_record* record, struct task_struct* task,
                                      __u32 tgid, __u32 cpu) {
  const bool tells_task = needs(SOCKTAP_FIELD_TASK) || stage == SOCKTAP_STAGE_CALIBRATING;
  record->tgid = tells_task ? tgid & ~OUTSIDE : 0;
  record->tid = tells_task ? tid_of(task) & ~OUTSIDE : 0;
  record->ppid = 0;
  if (needs(SOCKTAP_FIELD_PARENT)) record->ppid = parent_of(task) & ~OUTSIDE;
  record->uid = needs(SOCKTAP_FIELD_UID) ? FETCH(task, cred, uid.val) : 0;
  record->euid = needs(SOCKTAP_FIELD_EUID) ? FETCH(task, cred, euid.val) : 0;
  record->gid = needs(SOCKTAP_FIELD_GID) ? FETCH(task, cred, gid.val) : 0;
  record->egid = needs(SOCKTAP_FIELD_EGID) ? FETCH(task, cred, egid.val) : 0;
  record->cpu = needs(SOCKTAP_FIELD_CPU) ? cpu : 0;

  __u64* comm = (__u64*)record->comm;
  comm[0] = 0;
  comm[1] = 0;
  if (needs(SOCKTAP_FIELD_COMM)) {
    /* A worker of io_uring has a name of its own; the event is its process's. */
    if (KNOWN(task, flags) & PF_IO_WORKER) {
      struct task_struct* leader = FETCH(task, group_leader);
      bpf_core_read(comm, SOCKTAP_COMM_LENGTH, &leader->comm);
      return;
    }
#ifdef SOCKTAP_OLDER
    bpf_core_read(comm, SOCKTAP_COMM_LENGTH, &task->comm);
#else
    comm[0] = *(__u64*)&task->comm[0];
    comm[1] = *(__u64*)&task->comm[8];
#endif
  }
}
