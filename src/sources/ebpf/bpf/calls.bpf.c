/* What is told by system calls: messages that begin, sockets made, released and disconnected. */
#define SOCKTAP_PROBED /* sockets are found through descriptors, which have no type */
#include "begin.h"
#include "create.h"
#include "disconnect.h"
#include "end.h"
#include "twin.h"

static __always_inline bool creates(const struct call* call) {
  return call->kind == SOCKTAP_CALL_SOCKET || call->kind == SOCKTAP_CALL_SOCKETPAIR;
}

static __always_inline bool closes(enum socktap_call kind) {
  return kind >= SOCKTAP_CALL_CLOSE && kind <= SOCKTAP_CALL_EXECVEAT;
}

static __always_inline int calls_enter_body(struct pt_regs* regs, long number) {
  struct task_struct* task = current_task();
  struct call call = {.compat = is_compat(task)};
  call.kind = kind_of(number, call.compat);
  if (call.kind == SOCKTAP_CALL_OTHER) return 0;
  const __u32 tgid = tgid_of(task);
  if (!in_scope_quietly(tgid)) return 0;
  read_arguments(&call, regs);
  if (call.kind == SOCKTAP_CALL_SOCKETCALL) read_socketcall(&call);

  if (wants_close() && closes(call.kind)) {
    closing_begins(task, tgid, &call);
  } else if (creates(&call)) {
    creating_begins(task, tgid, &call);
  } else if (call.kind == SOCKTAP_CALL_CONNECT) {
    disconnection(task, tgid, &call, SOCKTAP_BEGIN, 0);
  } else if (makes_messages(&call)) {
    if (settings.remember_entries) remember_entry(task);
    if (by_calls(SOCKTAP_BY_CALLS_BEGINS)) message_begins(task, tgid, &call);
  }
  return 0;
}
TWINS(calls_enter, sys_enter, (struct pt_regs * regs, long number), (regs, number))

static __always_inline int calls_exit_body(struct pt_regs* regs, long result) {
  struct task_struct* task = current_task();
  struct call call = {.compat = is_compat(task)};
  call.kind = kind_of(call_number_in(regs), call.compat);
  if (call.kind < SOCKTAP_CALL_SOCKETCALL) return 0;
  const __u32 tgid = tgid_of(task);
  if (!in_scope_quietly(tgid)) return 0;

  if (wants_close() && closes(call.kind)) {
    closing_ends(task, tgid);
    return 0;
  }
  read_arguments(&call, regs);
  if (call.kind == SOCKTAP_CALL_SOCKETCALL) read_socketcall(&call);
  if (creates(&call)) creating_ends(task, tgid, &call, result);
  if (call.kind == SOCKTAP_CALL_CONNECT)
    disconnection(task, tgid, &call, SOCKTAP_CONCLUSION, result);
  return 0;
}
TWINS(calls_exit, sys_exit, (struct pt_regs * regs, long result), (regs, result))

static __always_inline int close_at_exit_body(struct task_struct* exiting) {
  struct task_struct* task = current_task();
  if (KNOWN(task, flags) & PF_KTHREAD) return 0;
  const __u32 tgid = tgid_of(task);
  if (in_scope_quietly(tgid)) thread_ends(task, tgid);
  return 0;
}
TWINS(close_at_exit, sched_process_exit, (struct task_struct * exiting), (exiting))

TRACEPOINT(sched_switch)
int BPF_PROG(close_after_exit, bool preempted, struct task_struct* previous) {
  if (is_dead(previous)) thread_is_gone(previous);
  return 0;
}
