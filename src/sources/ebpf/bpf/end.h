/* The end of a process, which closes what is open. A thread that finds itself the last looks at the
 * descriptors when it begins to end. They are closed later, by the last thread to drop them, and
 * what other processes hold too is released only if they drop it as well. So the sockets are looked
 * at again when the threads on their way out are gone.
 *
 * These are counted. A thread may be so slow to arrive that all others are gone: it begins another
 * generation, and looks at the descriptors once more. The count is deleted only when nobody is left
 * to arrive: a hash map gives the memory of a deleted entry to another key at once, under the hands
 * of who has just found it.
 */
#pragma once

#include "close.h"

#define TASK_DEAD 0x80

/* The state of an ending process, in one word. */
#define ENDING_THREADS 0xFFFFFFFFULL /* on their way out */
#define ENDING_WALKED (1ULL << 32)   /* this generation has looked at the descriptors */
#define ENDING_GENERATION (1ULL << 33)

#define CHANGE_ATTEMPTS 4096 /* one fails only because another CPU's succeeded */

/* The closing of shared sockets is settled in the scheduler, about 1 us each. */
#define MOST_KEPT_AT_END 16384

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
  bool is_last; /* more than one may find so */
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
  if (__sync_val_compare_and_swap(known, before, before - 1) != before) return 0;
  passing->state = before - 1;
  return 1;
}

/* Where other threads or processes use the same descriptors, they may outlive this one. */
static __always_inline void look_at_descriptors(struct task_struct* task, __u32 tgid,
                                                const struct passing* passing) {
  struct walk walk = {.owner = passing->process, .last = ~0U, .most_kept = MOST_KEPT_AT_END};
  walk.first = first_of_generation(passing->state);
  walk.by.tgid = tgid;
  walk.by.tid = tid_of(task) & ~OUTSIDE;
  walk.by.ppid = parent_of(task) & ~OUTSIDE;
  walk.for_certain = FETCH(task, files, count.counter) == 1;
  walk_descriptors(&walk, descriptors_of(task), false);
  __sync_fetch_and_add(&unsettled, walk.kept);
}

/* The last of a process to close its descriptors, or of the threads that have a table of their own
 * (a worker of vhost has none, but counts as alive). */
static __always_inline bool is_last(struct task_struct* task) {
  if (!FETCH(task, files)) return false;
  return FETCH(task, signal, live.counter) == 0 || FETCH(task, files, count.counter) == 1;
}

static __always_inline void thread_ends(struct task_struct* task, __u32 tgid) {
  const __u64 thread = (__u64)task;
  struct passing passing = {.process = (__u64)FETCH(task, signal), .is_last = is_last(task)};
  if (add_new(&ending_threads, &thread, &passing.process)) {
    count_missed();
    return;
  }
  bpf_loop(CHANGE_ATTEMPTS, arrive, &passing, 0);
  if (!(passing.state & ENDING_THREADS)) {
    take_out(&ending_threads, &thread);
    count_missed();
    return;
  }
  if (passing.walks) look_at_descriptors(task, tgid, &passing);
}

/* A leader is reaped after all others, and a thread that is traced may stay for its tracer: then
 * the entry stays for who gets the address next. */
static __always_inline bool all_have_arrived(struct task_struct* task) {
  const int threads = FETCH(task, signal, nr_threads);
  return threads == 0 || (threads == 1 && FETCH(task, group_leader, exit_state) != 0);
}

static __always_inline void thread_is_gone(struct task_struct* task) {
  const __u64 thread = (__u64)task;
  const __u64* process = bpf_map_lookup_elem(&ending_threads, &thread);
  if (!process) return; /* nobody's of ours, or it was on its way out before the run began */
  struct passing passing = {.process = *process, .state = ENDING_THREADS};
  take_out(&ending_threads, &thread);
  bpf_loop(CHANGE_ATTEMPTS, leave, &passing, 0);
  if (passing.state & ENDING_THREADS) return; /* not the last */
  if (passing.state & ENDING_WALKED) {
    const __u64 settled = settle(passing.process, first_of_generation(passing.state));
    __sync_fetch_and_sub(&unsettled, settled);
  }
  if (all_have_arrived(task)) take_out(&ending_processes, &passing.process);
}
