/* Closing descriptors: by calls, and at the end of a process. A message in flight or a thread
 * inside a call may hold a reference for longer than who closes: what they release is not seen.
 */
#pragma once

#include "call.h"
#include "release.h"

/* A walk over the open descriptors [next, last] of the current task. */
struct walk {
  struct file** files;
  unsigned long* bits; /* those to look at */
  __u64 owner;
  __u64 first; /* the number of the first that is kept */
  struct releaser by;
  /* Of a word on the stack the verifier knows no number in the upper half: so it does not follow
   * these two through the turns of the walk. */
  __u32 last;
  __u32 next;
  __u32 most_kept;
  __u32 kept;
  bool for_certain; /* nobody else can reach the descriptors */
};

_Static_assert(__builtin_offsetof(struct walk, next) % 8 == 4 &&
                   __builtin_offsetof(struct walk, kept) % 8 == 4,
               "verified in a fraction of the time");

static __always_inline bool wants_close(void) {
  return by_calls(SOCKTAP_BY_CALLS_CLOSES) &&
         (wants(SOCKTAP_CLOSE, SOCKTAP_BEGIN, SOCKTAP_PATH_NONE) ||
          wants(SOCKTAP_CLOSE, SOCKTAP_CONCLUSION, SOCKTAP_PATH_NONE));
}

static __always_inline void close_walked(struct walk* walk, struct file* file,
                                         struct socket* socket) {
  if (walk->for_certain && references_of(file) == 1) {
    const struct socket_file key = socket_file(file);
    take_out(&releasing_files, &key); /* others may have dropped theirs just now */
    struct socket_view view = {};
    look_at((__u64)socket, &view);
    release_begins(&walk->by, &view, FETCH(socket, sk), (struct closing_socket){});
    release_ends(&walk->by);
  } else if (walk->kept == walk->most_kept) {
    count_lost_releases(1);
  } else if (keep(walk->owner, walk->first + walk->kept, file, socket, &walk->by)) {
    walk->kept++;
  }
}

/* Of what is not 0. (clang 14 has no code for its built-in here.) */
static __always_inline __u32 trailing_zeros(__u64 word) {
  __u32 zeros = 0;
#pragma unroll
  for (__u32 half = 32; half > 0; half /= 2) {
    if (word << (64 - half)) continue;
    word >>= half;
    zeros += half;
  }
  return zeros;
}

static long walk_on(__u32 step, void* data) {
  struct walk* walk = data;
  unsigned long word = 0;
  bpf_probe_read_kernel(&word, sizeof(word), walk->bits + walk->next / 64);
  word >>= walk->next & 63;
  if (!word) {
    walk->next = (walk->next | 63) + 1;
    return walk->next > walk->last;
  }
  walk->next += trailing_zeros(word);
  if (walk->next > walk->last) return 1;
  struct file* file = NULL;
  bpf_probe_read_kernel(&file, sizeof(file), walk->files + walk->next);
  struct socket* socket = socket_of(file);
  if (socket) close_walked(walk, file, socket);
  return walk->next++ == walk->last;
}

static __always_inline void walk_descriptors(struct walk* walk, struct fdtable* table,
                                             bool on_exec) {
  const __u32 descriptors = FETCH(table, max_fds);
  if (walk->next >= descriptors || walk->last < walk->next) return;
  if (walk->last >= descriptors) walk->last = descriptors - 1;
  walk->files = FETCH(table, fd);
  walk->bits = on_exec ? FETCH(table, close_on_exec) : FETCH(table, open_fds);
  if (walk->last - walk->next >= MOST_DESCRIPTORS) {
    walk->last = walk->next + MOST_DESCRIPTORS - 1;
    count_missed();
  }
  bpf_loop(2 * MOST_DESCRIPTORS, walk_on, walk, 0); /* one step a descriptor, and one a word */
}

#define CLOSE_RANGE_CLOEXEC 4

/* A descriptor that dup2(2) or dup3(2) closes, if it succeeds. */
static __always_inline void one_is_replaced(struct walk* walk, struct fdtable* table,
                                            __u32 descriptor) {
  struct file* file = file_at(table, descriptor);
  struct socket* socket = socket_of(file);
  if (socket && keep(walk->owner, 0, file, socket, &walk->by)) walk->kept = 1;
}

/* What the table's only owner closes, nobody else can. */
static __noinline int release_at_close(const struct walk* walk, struct closing_call* closing,
                                       struct file* file, struct socket* socket, __u32 descriptor) {
  const struct socket_file key = socket_file(file);
  struct socket_view view = {};
  look_at((__u64)socket, &view);
  if (walk->for_certain) {
    take_out(&releasing_files, &key);
  } else {
    if (!mark_as_told(&key)) return 0;
    closing->marked = key;
    struct fdtable* table = descriptors_of(current_task());
    /* Closed meanwhile: it was told before there was this mark, or is left to this mark to tell. */
    if (file_at(table, descriptor) != file && !unmark(&key)) return 0;
  }
  release_begins(&walk->by, &view, FETCH(socket, sk), (struct closing_socket){});
  closing->concluding = 1;
  return 0;
}

/* A descriptor that close(2) closes. */
static __always_inline void one_closes(struct walk* walk, struct closing_call* closing,
                                       struct fdtable* table, __u32 descriptor) {
  struct file* file = file_at(table, descriptor);
  struct socket* socket = socket_of(file);
  const __s64 references = socket ? references_of(file) : 0;
  if (references == 1) release_at_close(walk, closing, file, socket, descriptor);
  if (references > 1 && keep(walk->owner, 0, file, socket, &walk->by)) walk->kept = 1;
}

/* Finds what the call is about to release. close(2) cannot fail on an open descriptor, unless
 * another thread closes that first; the other calls can, so that what they would release is told
 * when they end. */
static __always_inline void closing_begins(struct task_struct* task, __u32 tgid,
                                           const struct call* call) {
  const __u64 key = (__u64)task;
  struct closing_call closing = {};
  struct walk walk = {.owner = key, .by = {.tgid = tgid}, .last = ~0U, .most_kept = ~0U};
  struct fdtable* table = descriptors_of(task);

  switch (call->kind) {
    case SOCKTAP_CALL_CLOSE:
      walk.for_certain = FETCH(task, files, count.counter) == 1;
      walk.by.named = 1 + (__u32)call->argument[0];
      one_closes(&walk, &closing, table, call->argument[0]);
      break;
    case SOCKTAP_CALL_DUP2:
    case SOCKTAP_CALL_DUP3:
      if (call->argument[0] == call->argument[1]) return;
      one_is_replaced(&walk, table, call->argument[1]);
      break;
    case SOCKTAP_CALL_CLOSE_RANGE:
      if (call->argument[2] & CLOSE_RANGE_CLOEXEC) return;
      walk.next = (__u32)call->argument[0];
      walk.last = (__u32)call->argument[1];
      walk_descriptors(&walk, table, false);
      break;
    default: /* execve, execveat */
      walk_descriptors(&walk, table, true);
      break;
  }
  closing.kept = walk.kept;
  if (!closing.kept && !closing.concluding) return;
  if (!bpf_map_update_elem(&closing_calls, &key, &closing, BPF_ANY)) return;
  if (closing.concluding) {
    if (closing.marked.file) take_out(&releasing_files, &closing.marked);
    if (wants(SOCKTAP_CLOSE, SOCKTAP_CONCLUSION, SOCKTAP_PATH_NONE)) count_map_full(1);
    return;
  }
  count_lost_releases(closing.kept);
  settle(key, 0); /* forgets them: nothing is released yet */
}

static __always_inline void closing_ends(struct task_struct* task, __u32 tgid) {
  const __u64 key = (__u64)task;
  const struct closing_call* known = bpf_map_lookup_elem(&closing_calls, &key);
  if (!known) return;
  const struct closing_call closing = *known;
  bpf_map_delete_elem(&closing_calls, &key);
  if (closing.concluding) {
    const struct releaser by = {.tgid = tgid};
    if (closing.marked.file) take_out(&releasing_files, &closing.marked);
    release_ends(&by);
  } else {
    settle(key, 0);
  }
}
