/* Sockets being released. A socket is released when the last reference to its file is dropped. Who
 * holds the only one and drops it releases it for certain, and that is told before it happens.
 * Where there are more, several may drop theirs at once and nobody can know beforehand who will be
 * last: each watches the file while it drops its own, looks afterwards whether it is gone, and the
 * first to find it so tells.
 */
#pragma once

#include "closing_maps.h"
#include "descriptor.h"
#include "occurrence.h"

/* Whose releases are told, by which task's numbers. */
struct releaser {
  __u32 tgid;
  __u32 tid;  /* 0: the current task's */
  __u32 ppid; /* as tid */
};

static __always_inline void release_begins(const struct releaser* by,
                                           const struct socket_view* socket) {
  const struct occurrence occurrence = {.socket = *socket,
                                        .tgid = by->tgid,
                                        .tid = by->tid,
                                        .ppid = by->ppid,
                                        .operation = SOCKTAP_CLOSE,
                                        .phase = SOCKTAP_BEGIN};
  tell(&occurrence);
}

static __always_inline void release_ends(const struct releaser* by) {
  const struct occurrence occurrence = {.tgid = by->tgid,
                                        .tid = by->tid,
                                        .ppid = by->ppid,
                                        .operation = SOCKTAP_CLOSE,
                                        .phase = SOCKTAP_CONCLUSION};
  tell(&occurrence);
}

static __always_inline struct socket_file socket_file(struct file* file) {
  const struct socket_file key = {file, FETCH(file, f_inode, i_ino)};
  return key;
}

static __always_inline bool is_released(const struct closing_view* closing) {
  struct file* file = closing->file.file;
  return references_of(file) <= 0 || FETCH(file, private_data) != closing->socket ||
         FETCH(file, f_inode, i_ino) != closing->file.inode;
}

/* True for the first to ask. */
static __always_inline bool claim(const struct socket_file* key) {
  struct watched_file* watched = bpf_map_lookup_elem(&watched_files, key);
  return !watched || __sync_lock_test_and_set(&watched->told, 1) == 0;
}

struct watcher {
  struct socket_file file;
  bool joined;
};

static long join_watching(__u32 attempt, void* data) {
  struct watcher* watcher = data;
  const struct watched_file fresh = {.watchers = 1};
  struct watched_file* watched = bpf_map_lookup_elem(&watched_files, &watcher->file);
  if (watched) return watcher->joined = join(&watched->watchers);
  const long error = bpf_map_update_elem(&watched_files, &watcher->file, &fresh, BPF_NOEXIST);
  watcher->joined = !error;
  return error != -EEXIST;
}

static __always_inline bool watch(const struct socket_file* file) {
  struct watcher watcher = {.file = *file};
  bpf_loop(JOIN_ATTEMPTS, join_watching, &watcher, 0);
  return watcher.joined;
}

static __always_inline void unwatch(const struct socket_file* key) {
  struct watched_file* watched = bpf_map_lookup_elem(&watched_files, key);
  if (watched && __sync_fetch_and_add(&watched->watchers, -1) == 1)
    bpf_map_delete_elem(&watched_files, key);
}

/* A release is as many events as are asked for of it. */
static __always_inline void count_lost_releases(__u32 sockets) {
  __u64 events = 0;
  if (wants(SOCKTAP_CLOSE, SOCKTAP_BEGIN, SOCKTAP_PATH_NONE)) events += sockets;
  if (wants(SOCKTAP_CLOSE, SOCKTAP_CONCLUSION, SOCKTAP_PATH_NONE)) events += sockets;
  count_map_full(events);
}

/* Remembers what `owner` may release as its number `index`; false if there is no room. */
static __always_inline bool keep(__u64 owner, __u32 index, struct file* file,
                                 struct socket* socket) {
  struct closing_view closing = {.file = socket_file(file), .socket = socket};
  look_at((__u64)socket, &closing.view);
  if (!watch(&closing.file)) {
    count_lost_releases(1);
    return false;
  }
  const struct closing_socket key = {owner, index};
  if (!bpf_map_update_elem(&closing_sockets, &key, &closing, BPF_ANY)) return true;
  unwatch(&closing.file);
  count_lost_releases(1);
  return false;
}

struct settlement {
  __u64 owner;
  struct releaser by;
};

static long settle_one(__u32 index, void* data) {
  const struct settlement* settlement = data;
  const struct closing_socket key = {settlement->owner, index};
  const struct closing_view* kept = bpf_map_lookup_elem(&closing_sockets, &key);
  if (!kept) return 1;
  const struct closing_view closing = *kept;
  bpf_map_delete_elem(&closing_sockets, &key);
  if (is_released(&closing) && claim(&closing.file)) {
    release_begins(&settlement->by, &closing.view);
    release_ends(&settlement->by);
  }
  unwatch(&closing.file);
  return 0;
}

/* Tells which of the sockets that `owner` kept are gone, and forgets them. */
static __always_inline void settle(__u64 owner, __u32 kept, const struct releaser* by) {
  struct settlement settlement = {.owner = owner, .by = *by};
  bpf_loop(kept, settle_one, &settlement, 0);
}
