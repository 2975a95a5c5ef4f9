/* The end of a process, which closes what is open. A thread that finds itself the last looks at the
 * descriptors when it begins to end. They are closed later, by the last thread to drop them, and
 * what other processes hold too is released only if they drop it as well. So the sockets are looked
 * at again when the threads on their way out are gone.
 *
 * These are counted. A thread may be so slow to arrive that all others are gone: it begins another
 * generation, and looks at the descriptors once more.
 */
#pragma once

#include "close.h"

#define TASK_DEAD 0x80

/* The state of an ending process, in one word. */
#define ENDING_THREADS 0xFFFFFFFFULL /* on their way out */
#define ENDING_WALKED (1ULL << 32)   /* this generation has looked at the descriptors */
#define ENDING_GENERATION (1ULL << 33)
#define CHANGE_ATTEMPTS 4096 /* another CPU was faster */

static __always_inline bool is_dead(struct task_struct* task) {
  if (bpf_core_field_exists(task->__state)) return task->__state & TASK_DEAD;
  return FETCH((struct task_struct___before_5_14*)task, state) & TASK_DEAD;
}

/* Where the sockets of a generation begin among those of the process. */
static __always_inline __u64 first_of_generation(__u64 state) {
  return state / ENDING_GENERATION << 32;
}

/* A thread that arrives or leaves. */
struct passing {
  __u64 process;
  bool is_last; /* no other is alive; more than one may find so */
  bool walks;   /* it is the one that looks at the descriptors */
  __u64 state;  /* what it has made of it */
};

static long arrive(__u32 attempt, void* data) {
  struct passing* passing = data;
  __u64* known = bpf_map_lookup_elem(&ending_processes, &passing->process);
  if (!known) {
    const __u64 none = 0;
    const int error = add_new(&ending_processes, &passing->process, &none);
    return error && error != -EEXIST;
  }
  const __u64 before = *(volatile __u64*)known;
  __u64 state = before;
  if (!(state & ENDING_THREADS)) state = (state & ~ENDING_WALKED) + ENDING_GENERATION;
  const bool walks = passing->is_last && !(state & ENDING_WALKED);
  state = (walks ? state | ENDING_WALKED : state) + 1;
  if (__sync_val_compare_and_swap(known, before, state) != before) return 0;
  passing->walks = walks;
  passing->state = state;
  return 1;
}

static long leave(__u32 attempt, void* data) {
  struct passing* passing = data;
  __u64* known = bpf_map_lookup_elem(&ending_processes, &passing->process);
  if (!known) return 1;
  const __u64 before = *(volatile __u64*)known;
  if (!(before & ENDING_THREADS)) return 1; /* it was on its way before the run began */
  if (__sync_val_compare_and_swap(known, before, before - 1) != before) return 0;
  passing->state = before - 1;
  return 1;
}

/* Where other threads or processes use the same descriptors, they may outlive this one. */
static __always_inline void look_at_descriptors(struct task_struct* task, __u32 tgid,
                                                const struct passing* passing) {
  struct walk walk = {.owner = passing->process, .last = ~0U};
  walk.first = first_of_generation(passing->state);
  walk.by.tgid = tgid;
  walk.by.tid = tid_of(task) & ~OUTSIDE;
  walk.by.ppid = parent_of(task) & ~OUTSIDE;
  walk.for_certain = FETCH(task, files, count.counter) == 1;
  walk_descriptors(&walk, descriptors_of(task), false);
}

static __always_inline void thread_ends(struct task_struct* task, __u32 tgid) {
  struct passing passing = {.process = (__u64)FETCH(task, signal)};
  passing.is_last = FETCH(task, signal, live.counter) == 0 && FETCH(task, files);
  bpf_loop(CHANGE_ATTEMPTS, arrive, &passing, 0);
  if (!(passing.state & ENDING_THREADS)) {
    count_missed();
    return;
  }
  __sync_fetch_and_add(&ending_threads, 1);
  if (passing.walks) look_at_descriptors(task, tgid, &passing);
}

static __always_inline void thread_is_gone(struct task_struct* task) {
  struct passing passing = {.process = (__u64)FETCH(task, signal), .state = ENDING_THREADS};
  bpf_loop(CHANGE_ATTEMPTS, leave, &passing, 0);
  if (passing.state == ENDING_THREADS) return; /* none of those that arrived */
  if ((passing.state & (ENDING_THREADS | ENDING_WALKED)) == ENDING_WALKED)
    settle(passing.process, first_of_generation(passing.state));
  __sync_fetch_and_add(&ending_threads, -1);
}
