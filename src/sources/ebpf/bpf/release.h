/* Sockets being released. A socket is released when the last reference to its file is dropped. Who
 * drops the only one tells it before it happens; another thread that is about to close the same
 * descriptor finds it told. Where there are more references, several may be dropped at once and
 * nobody can know beforehand whose is the last: each keeps the file in mind, drops its own, and
 * looks afterwards whether the file is gone. The first to find it so tells.
 */
#pragma once

#include "closing_maps.h"
#include "descriptor.h"
#include "occurrence.h"

/* `sk` or `kept`: what its tail is made of, as in struct occurrence. */
static __always_inline void release_begins(const struct releaser* by,
                                           const struct socket_view* socket, struct sock* sk,
                                           struct closing_socket kept) {
  struct occurrence occurrence = {.socket = *socket,
                                  .sk = (__u64)sk,
                                  .kept = kept,
                                  .tgid = by->tgid,
                                  .tid = by->tid,
                                  .ppid = by->ppid,
                                  .operation = SOCKTAP_CLOSE,
                                  .phase = SOCKTAP_BEGIN};
  occurrence.socket.named = by->named;
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
  return is_gone(file) || FETCH(file, private_data) != closing->socket ||
         FETCH(file, f_inode, i_ino) != closing->file.inode;
}

/* A release is as many events as are asked for of it. */
static __always_inline void count_lost_releases(__u32 sockets) {
  __u64 events = 0;
  if (wants(SOCKTAP_CLOSE, SOCKTAP_BEGIN, SOCKTAP_PATH_NONE)) events += sockets;
  if (wants(SOCKTAP_CLOSE, SOCKTAP_CONCLUSION, SOCKTAP_PATH_NONE)) events += sockets;
  count_map_full(events);
}

/* False if another thread tells, which is closing the same descriptor. */
static __always_inline bool mark_as_told(const struct socket_file* key) {
  const __u8 told = RELEASE_TOLD;
  if (add_new(&releasing_files, key, &told) != -EEXIST) return true;
  const __u8* known = bpf_map_lookup_elem(&releasing_files, key);
  if (known && *known == RELEASE_UNTOLD) {
    bpf_map_update_elem(&releasing_files, key, &told, BPF_ANY);
    return true;
  }
  const __u8 relied_on = RELEASE_RELIED_ON;
  bpf_map_update_elem(&releasing_files, key, &relied_on, BPF_EXIST);
  return false;
}

/* Whether another thread left it at the mark. */
static __always_inline bool unmark(const struct socket_file* key) {
  const __u8* known = bpf_map_lookup_elem(&releasing_files, key);
  const bool relied_on = known && *known == RELEASE_RELIED_ON;
  take_out(&releasing_files, key);
  return relied_on;
}

static __always_inline bool keeps_tails(void) {
  return settings.has_addresses || needs(SOCKTAP_FIELD_UNIX_PATH);
}

/* The kernel verifies it by itself: it is long, and called in loops. */
int keep_tail(const struct closing_socket* key, __u64 socket);

__noinline int keep_tail(const struct closing_socket* key, __u64 socket) {
  if (!key) return 0;
  if (bpf_map_update_elem(&closing_tails, key, no_tail, BPF_ANY)) {
    count_missed();
    return 0;
  }
  struct kept_tail* kept = bpf_map_lookup_elem(&closing_tails, key);
  struct sock* sk = FETCH((struct socket*)socket, sk);
  if (!kept) return 0;
  if (settings.has_addresses) fill_addresses((struct socktap_tail*)kept->addresses, sk);
  if (needs(SOCKTAP_FIELD_UNIX_PATH)) fill_path(&kept->path, sk);
  return 0;
}

/* Remembers what `owner` may release as its number `index`; false if there is no room. A function
 * of its own, as begin_release, for the sake of the stack: 512 bytes are all that callers and
 * called have together. */
static __noinline bool keep(__u64 owner, __u64 index, struct file* file, struct socket* socket,
                            const struct releaser* by) {
  struct closing_view closing = {.file = socket_file(file), .socket = socket, .by = *by};
  look_at((__u64)socket, &closing.view);
  const struct closing_socket key = {owner, index};
  const __u8 untold = RELEASE_UNTOLD;
  const int error = add_new(&releasing_files, &closing.file, &untold);
  if ((!error || error == -EEXIST) &&
      !bpf_map_update_elem(&closing_sockets, &key, &closing, BPF_ANY)) {
    if (keeps_tails()) keep_tail(&key, (__u64)socket);
    return true;
  }
  count_lost_releases(1);
  return false;
}

static __always_inline void settle_released(const struct closing_view* closing,
                                            struct closing_socket kept) {
  const __u8* known = bpf_map_lookup_elem(&releasing_files, &closing->file);
  if (!known || *known != RELEASE_UNTOLD) return;
  const int error = take_out(&releasing_files, &closing->file);
  if (!error) {
    release_begins(&closing->by, &closing->view, NULL, kept);
    release_ends(&closing->by);
  } else if (error != -ENOENT) {
    count_lost_releases(1);
  }
}

static long settle_one(__u32 step, void* data) {
  struct closing_socket* next = data;
  struct closing_view* kept = bpf_map_lookup_elem(&closing_sockets, next);
  if (!kept) return 1;
  const struct closing_view closing = *kept;
  kept->file.file = NULL; /* settled, should it not be possible to take it out */
  take_out(&closing_sockets, next);
  if (closing.file.file && is_released(&closing))
    settle_released(&closing, keeps_tails() ? *next : (struct closing_socket){});
  if (keeps_tails()) take_out(&closing_tails, next);
  next->index++;
  return 0;
}

/* Tells which of the sockets that `owner` kept from the number `first` on are gone, and forgets
 * them all. How many there were. */
static __always_inline __u64 settle(__u64 owner, __u64 first) {
  struct closing_socket next = {owner, first};
  bpf_loop(MOST_DESCRIPTORS, settle_one, &next, 0);
  return next.index - first;
}
