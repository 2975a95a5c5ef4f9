/* In the place of calls.bpf.c on kernels before 5.15: there only sockets that are disconnected are
 * told by system calls, and when messages began for the sake of their latency.
 */
#define SOCKTAP_PROBED /* sockets are found through descriptors, which have no type */
#include "begin.h"
#include "disconnect.h"
#include "twin.h"

static __always_inline int calls_enter_body(struct pt_regs* regs, long number) {
  struct task_struct* task = current_task();
  struct call call = {.compat = is_compat(task)};
  call.kind = kind_of(number, call.compat);
  if (call.kind == SOCKTAP_CALL_OTHER || !in_scope_quietly(tgid_of(task))) return 0;
  read_arguments(&call, regs);
  if (call.kind == SOCKTAP_CALL_SOCKETCALL) read_socketcall(&call);
  if (call.kind == SOCKTAP_CALL_CONNECT)
    disconnection(task, tgid_of(task), &call, SOCKTAP_BEGIN, 0);
  else if (settings.remember_entries && makes_messages(&call))
    remember_entry(task);
  return 0;
}
TWINS(calls_enter, sys_enter, (struct pt_regs * regs, long number), (regs, number))

static __always_inline int calls_exit_body(struct pt_regs* regs, long result) {
  struct task_struct* task = current_task();
  struct call call = {.compat = is_compat(task)};
  call.kind = kind_of(call_number_in(regs), call.compat);
  if (call.kind < SOCKTAP_CALL_SOCKETCALL || !in_scope_quietly(tgid_of(task))) return 0;
  read_arguments(&call, regs);
  if (call.kind == SOCKTAP_CALL_SOCKETCALL) read_socketcall(&call);
  if (call.kind == SOCKTAP_CALL_CONNECT)
    disconnection(task, tgid_of(task), &call, SOCKTAP_CONCLUSION, result);
  return 0;
}
TWINS(calls_exit, sys_exit, (struct pt_regs * regs, long result), (regs, result))
