/* READ(pointer, member, member ...): follows members from a socket. A program that was given the
 * socket with its type loads directly; one that found it by itself asks the probe-read helper for
 * every hop. The including file defines SOCKTAP_PROBED for the latter.
 *
 * Where a pointer is loaded from an argument of the program or from the current task, the verifier
 * searches all of the kernel's types by name, about a millisecond each time it comes by. So such
 * loads are made once, before the program branches, and what is rarely asked for is read by
 * FETCH, which always probes.
 */
#pragma once

#include "kernel.h"
#include "settings.h"

#define FETCH(pointer, ...) BPF_CORE_READ(pointer, __VA_ARGS__)

/* KNOWN(pointer, member ...): of a task, of its registers, and of what a tracepoint is given.
 * Kernels before 5.15 do not give their type to all programs, and those without BTF to none: the
 * programs for those are compiled with SOCKTAP_OLDER. */
#ifdef SOCKTAP_OLDER
#define TRACEPOINT(name) SEC("socktap/raw_tp/" #name)
#define KNOWN(pointer, ...) FETCH(pointer, __VA_ARGS__)

static __always_inline struct task_struct* current_task(void) {
  return (struct task_struct*)bpf_get_current_task();
}

/* Where the stack ends, at which the kernel saves them when it is entered; kernels that can be
 * entered by FRED leave room for what that saves behind them. */
static __always_inline struct pt_regs* registers_of(struct task_struct* task) {
  __u64 length = 1 << 14;
  if (bpf_core_field_exists(task->stack_vm_area))
    length = (__u64)FETCH(task, stack_vm_area, nr_pages) << settings.page_shift;
  if (bpf_core_type_exists(struct fred_info)) length -= bpf_core_type_size(struct fred_info);
  return FETCH(task, stack) + length - bpf_core_type_size(struct pt_regs);
}
#else
#define TRACEPOINT(name) SEC("socktap/tp_btf/" #name)
#define KNOWN(pointer, ...) ___arrow(pointer, __VA_ARGS__)

static __always_inline struct task_struct* current_task(void) { return bpf_get_current_task_btf(); }

static __always_inline struct pt_regs* registers_of(struct task_struct* task) {
  return (struct pt_regs*)bpf_task_pt_regs(task);
}
#endif

#ifdef SOCKTAP_PROBED
#define READ(pointer, ...) BPF_CORE_READ(pointer, __VA_ARGS__)
#define READ_BITFIELD(pointer, field) BPF_CORE_READ_BITFIELD_PROBED(pointer, field)
#else
#define READ(pointer, ...) ___arrow(pointer, __VA_ARGS__)
#define READ_BITFIELD(pointer, field) BPF_CORE_READ_BITFIELD(pointer, field)
#endif
