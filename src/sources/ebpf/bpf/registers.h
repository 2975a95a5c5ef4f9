/* Which register holds what, by architecture: of a system call that a task is in, and of a function
 * at its entry and at its return. Everything that names a register is here.
 */
#pragma once

#include "access.h"

#if defined(SOCKTAP_ARCH_X86)

/* Whether the task is in a call of the 32-bit interface. */
static __always_inline bool is_compat(struct task_struct* task) {
  return bpf_core_field_exists(task->thread_info.status) &&
         KNOWN(task, thread_info.status) & TS_COMPAT;
}

static __always_inline __u64 call_number_in(struct pt_regs* regs) { return KNOWN(regs, orig_ax); }

/* Until a call has a result the register for it holds this. */
static __always_inline bool has_call_result(struct pt_regs* regs) {
  return (int)KNOWN(regs, ax) != -ENOSYS;
}

static __always_inline void call_arguments_in(struct pt_regs* regs, __u64 arguments[6]) {
  arguments[0] = KNOWN(regs, di);
  arguments[1] = KNOWN(regs, si);
  arguments[2] = KNOWN(regs, dx);
  arguments[3] = KNOWN(regs, r10);
  arguments[4] = KNOWN(regs, r8);
  arguments[5] = KNOWN(regs, r9);
}

static __always_inline void compat_arguments_in(struct pt_regs* regs, __u64 arguments[6]) {
  arguments[0] = (__u32)KNOWN(regs, bx);
  arguments[1] = (__u32)KNOWN(regs, cx);
  arguments[2] = (__u32)KNOWN(regs, dx);
  arguments[3] = (__u32)KNOWN(regs, si);
  arguments[4] = (__u32)KNOWN(regs, di);
  arguments[5] = (__u32)KNOWN(regs, bp);
}

static __always_inline __u32 socketcall_in(struct pt_regs* regs) { return KNOWN(regs, bx); }

static __always_inline void function_arguments_in(struct pt_regs* regs, __u64 arguments[6]) {
  arguments[0] = regs->di;
  arguments[1] = regs->si;
  arguments[2] = regs->dx;
  arguments[3] = regs->cx;
  arguments[4] = regs->r8;
  arguments[5] = regs->r9;
}

static __always_inline long function_result_in(struct pt_regs* regs) { return regs->ax; }

static __always_inline __u64 stack_pointer_in(struct pt_regs* regs) { return regs->sp; }

#elif defined(SOCKTAP_ARCH_ARM64)

#define TIF_32BIT 22

static __always_inline bool is_compat(struct task_struct* task) {
  return KNOWN(task, thread_info.flags) >> TIF_32BIT & 1;
}

static __always_inline __u64 call_number_in(struct pt_regs* regs) { return KNOWN(regs, syscallno); }

/* The first argument's register is the result's too; the argument is kept beside it. */
static __always_inline bool has_call_result(struct pt_regs* regs) {
  return KNOWN(regs, regs[0]) != KNOWN(regs, orig_x0);
}

static __always_inline void call_arguments_in(struct pt_regs* regs, __u64 arguments[6]) {
  arguments[0] = KNOWN(regs, orig_x0);
  for (int i = 1; i < 6; i++) arguments[i] = KNOWN(regs, regs[i]);
}

static __always_inline void compat_arguments_in(struct pt_regs* regs, __u64 arguments[6]) {
  arguments[0] = (__u32)KNOWN(regs, orig_x0);
  for (int i = 1; i < 6; i++) arguments[i] = (__u32)KNOWN(regs, regs[i]);
}

static __always_inline __u32 socketcall_in(struct pt_regs* regs) { return KNOWN(regs, orig_x0); }

static __always_inline void function_arguments_in(struct pt_regs* regs, __u64 arguments[6]) {
  for (int i = 0; i < 6; i++) arguments[i] = regs->regs[i];
}

static __always_inline long function_result_in(struct pt_regs* regs) { return regs->regs[0]; }

static __always_inline __u64 stack_pointer_in(struct pt_regs* regs) { return regs->sp; }

#else
#error "which registers does this architecture have?"
#endif
