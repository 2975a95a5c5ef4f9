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

static __always_inline __u64* watchers_of(const struct socket_file* key) {
  __u32 index = (__u64)key->file * 0x9E3779B97F4A7C15 >> (64 - WATCHED_BITS);
  return bpf_map_lookup_elem(&watchers, &index);
}

static __always_inline void watch(const struct socket_file* key) {
  __u64* count = watchers_of(key);
  if (count) __sync_fetch_and_add(count, 1);
}

static __always_inline void unwatch(const struct socket_file* key) {
  __u64* count = watchers_of(key);
  if (count) __sync_fetch_and_add(count, -1);
}

/* True for the first to ask. */
static __always_inline bool claim(const struct socket_file* key) {
  const __u64* count = watchers_of(key);
  if (!count || !*(const volatile __u64*)count) return true;
  const __u8 told = 1;
  return add_new(&told_files, key, &told) != -EEXIST;
}

/* A release is as many events as are asked for of it. */
static __always_inline void count_lost_releases(__u32 sockets) {
  __u64 events = 0;
  if (wants(SOCKTAP_CLOSE, SOCKTAP_BEGIN, SOCKTAP_PATH_NONE)) events += sockets;
  if (wants(SOCKTAP_CLOSE, SOCKTAP_CONCLUSION, SOCKTAP_PATH_NONE)) events += sockets;
  count_map_full(events);
}

/* Remembers what `owner` may release as its number `index`; false if there is no room. */
static __always_inline bool keep(__u64 owner, __u64 index, struct file* file, struct socket* socket,
                                 const struct releaser* by) {
  struct closing_view closing = {.file = socket_file(file), .socket = socket, .by = *by};
  look_at((__u64)socket, &closing.view);
  watch(&closing.file);
  const struct closing_socket key = {owner, index};
  if (!bpf_map_update_elem(&closing_sockets, &key, &closing, BPF_ANY)) return true;
  unwatch(&closing.file);
  count_lost_releases(1);
  return false;
}

static long settle_one(__u32 step, void* data) {
  struct closing_socket* key = data;
  const struct closing_view* kept = bpf_map_lookup_elem(&closing_sockets, key);
  if (!kept) return 1;
  const struct closing_view closing = *kept;
  bpf_map_delete_elem(&closing_sockets, key);
  key->index++;
  if (is_released(&closing) && claim(&closing.file)) {
    release_begins(&closing.by, &closing.view);
    release_ends(&closing.by);
  }
  unwatch(&closing.file);
  return 0;
}

/* Tells which of the sockets that `owner` kept from the number `first` on are gone, and forgets
 * them all. */
static __always_inline void settle(__u64 owner, __u64 first) {
  struct closing_socket next = {owner, first};
  bpf_loop(MOST_DESCRIPTORS, settle_one, &next, 0);
}
