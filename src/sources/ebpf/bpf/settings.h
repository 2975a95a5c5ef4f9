/* What the loader sets before the programs are loaded, and what changes while they run. */
#pragma once

#include "kernel.h"

extern const volatile struct socktap_settings settings;
extern __u32 stage;            /* enum socktap_stage */
extern __u64 lost_on_new_cpus; /* records of CPUs that came after the start */

/* The root namespace's number of it. */
static __always_inline __u32 current_thread(void) { return (__u32)bpf_get_current_pid_tgid(); }

static __always_inline bool needs(int field) { return settings.fields >> field & 1; }

static __always_inline bool by_calls(int what) { return settings.by_calls & what; }

static __always_inline bool wants(int operation, int phase, int path) {
  return settings.wanted[operation & (SOCKTAP_OPERATION_KINDS - 1)][phase & 1] >> path & 1;
}

static __always_inline bool wants_any(int operation, int phase) {
  return settings.wanted[operation & (SOCKTAP_OPERATION_KINDS - 1)][phase & 1];
}
