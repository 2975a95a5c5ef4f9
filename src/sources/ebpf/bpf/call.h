/* The system call that the current task is in, by its saved registers. */
#pragma once

#include "access.h"
#include "settings.h"

struct call {
  enum socktap_call kind;
  bool compat;
  /* The registers already hold a result: the call is over, and what runs is work that the task
   * does on its way out. */
  bool over;
  long argument[4];
};

static __always_inline bool is_compat(struct task_struct *task) {
  return bpf_core_field_exists(task->thread_info.status) &&
         READ(task, thread_info.status) & TS_COMPAT;
}

static __always_inline enum socktap_call kind_of(__u64 number, bool compat) {
  if (number >= SOCKTAP_CALL_NUMBERS) return SOCKTAP_CALL_OTHER;
  return compat ? settings.compat_calls[number] : settings.native_calls[number];
}

/* socketcall(2) multiplexes what i386 programs may also call directly. */
static __always_inline enum socktap_call kind_of_socketcall(long call) {
  switch (call) {
    case 1:
      return SOCKTAP_CALL_SOCKET;
    case 8:
      return SOCKTAP_CALL_SOCKETPAIR;
    case 9:
      return SOCKTAP_CALL_SEND;
    case 10:
      return SOCKTAP_CALL_RECV;
    case 11:
      return SOCKTAP_CALL_SENDTO;
    case 12:
      return SOCKTAP_CALL_RECVFROM;
    case 16:
      return SOCKTAP_CALL_SENDMSG;
    case 17:
      return SOCKTAP_CALL_RECVMSG;
    case 19:
      return SOCKTAP_CALL_RECVMMSG;
    case 20:
      return SOCKTAP_CALL_SENDMMSG;
    default:
      return SOCKTAP_CALL_OTHER;
  }
}

/* `regs` as the tracepoint or bpf_task_pt_regs gives them. */
static __always_inline void read_arguments(struct call *call, struct pt_regs *regs) {
  if (call->compat) {
    call->argument[0] = (__u32)READ(regs, bx);
    call->argument[1] = (__u32)READ(regs, cx);
    call->argument[2] = (__u32)READ(regs, dx);
    call->argument[3] = (__u32)READ(regs, si);
  } else {
    call->argument[0] = READ(regs, di);
    call->argument[1] = READ(regs, si);
    call->argument[2] = READ(regs, dx);
    call->argument[3] = READ(regs, r10);
  }
}

static __always_inline struct call current_call(struct task_struct *task) {
  struct call call = {};
  struct pt_regs *regs = (struct pt_regs *)bpf_task_pt_regs(task);
  call.compat = is_compat(task);
  call.kind = kind_of(READ(regs, orig_ax), call.compat);
  call.over = (int)READ(regs, ax) != -ENOSYS;
  if (call.kind == SOCKTAP_CALL_SOCKETCALL) call.kind = kind_of_socketcall(READ(regs, bx));
  return call;
}

/* The path that a message of `direction` takes inside this call; none: it cannot come of it. */
static __always_inline __u8 path_of_call(enum socktap_call kind, int direction) {
  return settings.path_of_call[direction][kind & (SOCKTAP_CALL_KINDS - 1)];
}
