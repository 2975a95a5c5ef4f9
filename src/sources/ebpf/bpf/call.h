/* The system call that the current task is in, by its saved registers. */
#pragma once

#include "access.h"
#include "registers.h"
#include "ring.h"

#include "../../calls/call_rules.h" /* needs what those bring */

/* Message flags that the kernel takes from no caller (MSG_INTERNAL_SENDMSG_FLAGS). */
#define KERNEL_ONLY_MESSAGE_FLAGS (1 << 16 | 1 << 20 | 1 << 27)

struct call {
  enum socktap_call kind;
  bool compat;
  /* The registers already hold a result: the call is over, and what runs is work that the task
   * does on its way out. */
  bool over;
  bool multiplexed; /* by socketcall(2) */
  __u64 argument[6];
};

static __always_inline enum socktap_call kind_of(__u64 number, bool compat) {
  if (number >= SOCKTAP_CALL_NUMBERS) return SOCKTAP_CALL_OTHER;
  return compat ? settings.compat_calls[number] : settings.native_calls[number];
}

static __always_inline void read_arguments(struct call* call, struct pt_regs* regs) {
  if (call->compat)
    compat_arguments_in(regs, call->argument);
  else
    call_arguments_in(regs, call->argument);
}

/* The multiplexed call has its arguments in memory, as many as it takes: after fewer than six the
 * memory may end. */
static __always_inline void read_socketcall(struct call* call) {
  __u32 arguments[6] = {};
  const __u64 block = call->argument[1];
  call->kind = socktap_kind_of_socketcall(call->argument[0]);
  if (bpf_probe_read_user(arguments, 6 * sizeof(__u32), (void*)block) &&
      bpf_probe_read_user(arguments, 4 * sizeof(__u32), (void*)block) &&
      bpf_probe_read_user(arguments, 3 * sizeof(__u32), (void*)block)) {
    call->kind = SOCKTAP_CALL_OTHER;
    count_missed();
  }
  for (int i = 0; i < 6; i++) call->argument[i] = arguments[i];
}

static __always_inline struct call current_call(struct task_struct* task) {
  struct call call = {};
  struct pt_regs* regs = registers_of(task);
  call.compat = is_compat(task);
  call.kind = kind_of(call_number_in(regs), call.compat);
  call.over = has_call_result(regs);
  call.multiplexed = call.kind == SOCKTAP_CALL_SOCKETCALL;
  if (call.multiplexed) call.kind = socktap_kind_of_socketcall(socketcall_in(regs));
  return call;
}

/* The path that a message of `direction` takes inside this call; none: it cannot come of it. */
static __always_inline __u8 path_of_call(enum socktap_call kind, int direction) {
  return settings.path_of_call[direction][kind & (SOCKTAP_CALL_KINDS - 1)];
}
