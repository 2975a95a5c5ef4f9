/* Sockets being released by closing their last descriptor. close(2) cannot fail on a descriptor
 * that is open, so it is told at once; dup2, dup3, close_range and execve can, so what they would
 * release is kept until they end. A socket is released when all its references lie in what is
 * closed: one held by another process, a message in flight or a thread inside a call is not, and
 * what releases it later is not seen.
 */
#pragma once

#include "call.h"
#include "closing_maps.h"
#include "descriptor.h"
#include "occurrence.h"

#define DESCRIPTORS_WALKED 4096

/* A walk over the descriptors [next, end) of the current task. */
struct walk {
  struct fdtable* table;
  __u64 id;
  __u64 task;
  __u32 next;
  __u32 kept;
  __u32 tgid;
  bool on_exec_only; /* those that execve closes */
  bool at_once;      /* tell releases, rather than keep them */
};

static __always_inline bool wants_close(void) {
  return wants(SOCKTAP_CLOSE, SOCKTAP_BEGIN, SOCKTAP_PATH_NONE) ||
         wants(SOCKTAP_CLOSE, SOCKTAP_CONCLUSION, SOCKTAP_PATH_NONE);
}

static __always_inline void release_begins(__u32 tgid, const struct socket_view* socket) {
  const struct occurrence occurrence = {
      .socket = *socket, .tgid = tgid, .operation = SOCKTAP_CLOSE, .phase = SOCKTAP_BEGIN};
  tell(&occurrence);
}

static __always_inline void release_ends(__u32 tgid) {
  const struct occurrence occurrence = {
      .tgid = tgid, .operation = SOCKTAP_CLOSE, .phase = SOCKTAP_CONCLUSION};
  tell(&occurrence);
}

/* Counts this reference; true if it is the last one. */
static __always_inline bool is_last_reference(struct file* file, __u64 walk) {
  const __u64 references = references_of(file);
  if (references <= 1) return true;
  const struct walked_file key = {file, walk};
  __u32* seen = bpf_map_lookup_elem(&walked_files, &key);
  if (seen) return ++*seen == references;
  const __u32 first = 1;
  bpf_map_update_elem(&walked_files, &key, &first, BPF_ANY);
  return false;
}

static __always_inline bool bit_at(unsigned long* bits, __u32 index) {
  __u64 word = 0;
  bpf_probe_read_kernel(&word, sizeof(word), bits + index / 64);
  return word >> (index & 63) & 1;
}

static __always_inline void keep(struct walk* walk, const struct socket_view* view) {
  const struct closing_socket key = {walk->task, walk->kept};
  if (bpf_map_update_elem(&closing_sockets, &key, view, BPF_ANY))
    count_map_full();
  else
    walk->kept++;
}

static long walk_descriptor(__u32 step, void* data) {
  struct walk* walk = data;
  const __u32 descriptor = walk->next + step;
  struct fdtable* table = walk->table;
  if (walk->on_exec_only && !bit_at(FETCH(table, close_on_exec), descriptor)) return 0;
  struct file* file = file_at(table, descriptor);
  struct socket* socket = socket_of(file);
  if (!socket || !is_last_reference(file, walk->id)) return 0;
  struct socket_view view = {};
  look_at((__u64)socket, &view);
  if (walk->at_once) {
    release_begins(walk->tgid, &view);
    release_ends(walk->tgid);
  } else {
    keep(walk, &view);
  }
  return 0;
}

static __always_inline void walk_descriptors(struct walk* walk, __u32 last) {
  struct fdtable* table = walk->table;
  const __u32 descriptors = FETCH(table, max_fds);
  if (walk->next >= descriptors || last < walk->next) return;
  __u32 steps = last < descriptors ? last - walk->next + 1 : descriptors - walk->next;
  if (steps > DESCRIPTORS_WALKED) steps = DESCRIPTORS_WALKED;
  walk->id = bpf_ktime_get_ns();
  bpf_loop(steps, walk_descriptor, walk, 0);
}

/* Whether someone outside the current process uses its descriptors too. */
static __always_inline bool shares_descriptors(struct task_struct* task) {
  return FETCH(task, files, count.counter) > FETCH(task, signal, nr_threads);
}

#define CLOSE_RANGE_UNSHARE 2
#define CLOSE_RANGE_CLOEXEC 4

/* Finds what the call is about to release. */
static __always_inline void closing_begins(struct task_struct* task, __u32 tgid,
                                           const struct call* call) {
  struct closing closing = {};
  const __u64 key = (__u64)task;
  struct walk walk = {.table = descriptors_of(task), .task = key, .tgid = tgid};

  switch (call->kind) {
    case SOCKTAP_CALL_CLOSE:
    case SOCKTAP_CALL_DUP2:
    case SOCKTAP_CALL_DUP3: {
      const bool is_close = call->kind == SOCKTAP_CALL_CLOSE;
      if (!is_close && call->argument[0] == call->argument[1]) return;
      struct file* file = file_at(walk.table, (__u32)call->argument[is_close ? 0 : 1]);
      struct socket* socket = socket_of(file);
      if (!socket || references_of(file) > 1) return;
      struct socket_view view = {};
      look_at((__u64)socket, &view);
      if (is_close) {
        release_begins(tgid, &view);
        closing.concluding = wants(SOCKTAP_CLOSE, SOCKTAP_CONCLUSION, SOCKTAP_PATH_NONE);
      } else {
        keep(&walk, &view);
      }
      break;
    }
    case SOCKTAP_CALL_CLOSE_RANGE:
      if (call->argument[2] & CLOSE_RANGE_CLOEXEC) return;
      if (call->argument[2] & CLOSE_RANGE_UNSHARE && FETCH(task, files, count.counter) > 1) return;
      walk.next = (__u32)call->argument[0];
      walk_descriptors(&walk, (__u32)call->argument[1]);
      break;
    default: /* execve, execveat */
      if (shares_descriptors(task)) return;
      walk.on_exec_only = true;
      walk_descriptors(&walk, ~0U);
      break;
  }
  closing.kept = walk.kept;
  if (!closing.kept && !closing.concluding) return;
  if (bpf_map_update_elem(&closing_calls, &key, &closing, BPF_ANY)) count_map_full();
}

struct ending {
  __u64 task;
  __u32 tgid;
  bool released;
};

static long end_one(__u32 index, void* data) {
  const struct ending* ending = data;
  const struct closing_socket key = {ending->task, index};
  const struct socket_view* kept = bpf_map_lookup_elem(&closing_sockets, &key);
  if (!kept) return 1;
  if (ending->released) {
    const struct socket_view view = *kept;
    release_begins(ending->tgid, &view);
    release_ends(ending->tgid);
  }
  bpf_map_delete_elem(&closing_sockets, &key);
  return 0;
}

static __always_inline void closing_ends(struct task_struct* task, __u32 tgid, int result) {
  const __u64 key = (__u64)task;
  const struct closing* known = bpf_map_lookup_elem(&closing_calls, &key);
  if (!known) return;
  const struct closing closing = *known;
  bpf_map_delete_elem(&closing_calls, &key);
  if (closing.concluding) {
    release_ends(tgid);
    return;
  }
  struct ending ending = {.task = key, .tgid = tgid, .released = result >= 0};
  bpf_loop(closing.kept, end_one, &ending, 0);
}
