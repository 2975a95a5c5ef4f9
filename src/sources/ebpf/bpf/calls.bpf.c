/* What is told by system calls: messages that begin, sockets made, sockets released. */
#define SOCKTAP_PROBED /* sockets are found through descriptors, which have no type */
#include "begin.h"
#include "close.h"
#include "create.h"

static __always_inline bool closes(enum socktap_call kind) {
  return kind >= SOCKTAP_CALL_CLOSE && kind <= SOCKTAP_CALL_EXECVEAT;
}

SEC("tp_btf/sys_enter")
int BPF_PROG(calls_enter, struct pt_regs* regs, long number) {
  struct task_struct* task = bpf_get_current_task_btf();
  struct call call = {.compat = is_compat(task)};
  call.kind = kind_of(number, call.compat);
  if (call.kind == SOCKTAP_CALL_OTHER) return 0;
  const __u32 tgid = tgid_of(task);
  if (!in_scope_quietly(tgid)) return 0;
  read_arguments(&call, regs);
  if (call.kind == SOCKTAP_CALL_SOCKETCALL) read_socketcall(&call);

  if (wants_close() && closes(call.kind)) {
    closing_begins(task, tgid, &call);
  } else if (call.kind == SOCKTAP_CALL_SOCKET) {
    socket_begins(tgid, &call);
  } else if (makes_messages(&call)) {
    if (settings.remember_entries) remember_entry(task);
    message_begins(task, tgid, &call);
  }
  return 0;
}

SEC("tp_btf/sys_exit")
int BPF_PROG(calls_exit, struct pt_regs* regs, long result) {
  struct task_struct* task = bpf_get_current_task_btf();
  struct call call = {.compat = is_compat(task)};
  call.kind = kind_of(regs->orig_ax, call.compat);
  if (call.kind < SOCKTAP_CALL_SOCKETCALL) return 0;
  const __u32 tgid = tgid_of(task);
  if (!in_scope_quietly(tgid)) return 0;

  if (wants_close() && closes(call.kind)) {
    closing_ends(task, tgid, result);
    return 0;
  }
  read_arguments(&call, regs);
  if (call.kind == SOCKTAP_CALL_SOCKETCALL) read_socketcall(&call);
  if (call.kind == SOCKTAP_CALL_SOCKET)
    socket_ends(task, tgid, &call, result);
  else if (call.kind == SOCKTAP_CALL_SOCKETPAIR)
    pair_ends(task, tgid, &call, result);
  return 0;
}

/* Of threads that end at the same time, several may find themselves the last one. */
static __always_inline bool is_first_of_last(struct task_struct* task) {
  struct task_struct* leader = FETCH(task, group_leader);
  const struct walked_file key = {(void*)FETCH(task, signal), FETCH(leader, start_time)};
  const __u32 seen = 1;
  return bpf_map_update_elem(&walked_files, &key, &seen, BPF_NOEXIST) == 0;
}

/* The last thread of a process closes what is open; it does so after this tracepoint. */
SEC("tp_btf/sched_process_exit")
int BPF_PROG(close_at_exit, struct task_struct* exiting) {
  struct task_struct* task = bpf_get_current_task_btf();
  if (FETCH(task, signal, live.counter) != 0 || task->flags & PF_KTHREAD) return 0;
  const __u32 tgid = tgid_of(task);
  if (!in_scope_quietly(tgid)) return 0;
  if (!FETCH(task, files) || shares_descriptors(task) || !is_first_of_last(task)) return 0;
  struct walk walk = {.table = descriptors_of(task), .tgid = tgid, .at_once = true};
  walk_descriptors(&walk, ~0U);
  return 0;
}
