/* Programs at the entry and at the return of a kernel function, of both kinds: fentry and fexit,
 * which are given its arguments, and kprobe and kretprobe, which are given registers; at the return
 * those no longer hold the arguments, so that the entry keeps what the return needs.
 */
#pragma once

#define SOCKTAP_PROBED
#include "access.h"
#include "registers.h"

#define MOST_ARGUMENTS 6

/* What a program at a function's entry or exit has of `count` arguments. They are copied: the
 * verifier lets nobody load one that points to a pointer, and takes none for a number. */
#define FENTRY_ARGUMENTS(name, count) \
  __u64 name[MOST_ARGUMENTS] = {};    \
  bpf_probe_read_kernel(name, (count) * sizeof(__u64), ctx)
#define KPROBE_ARGUMENTS(name)     \
  __u64 name[MOST_ARGUMENTS] = {}; \
  function_arguments_in(ctx, name)
