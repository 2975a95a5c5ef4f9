/* Sockets being made, by socket(2) and socketpair(2). What they do before a socket is made (bad
 * flags; in socketpair the descriptors, and writing them) fires nothing, so socketpair is told
 * when it ends, by how it ended.
 */
#pragma once

#include "call.h"
#include "creating_calls.h"
#include "descriptor.h"
#include "occurrence.h"

static __always_inline bool tells_creates(void) {
  return by_calls(SOCKTAP_BY_CALLS_CREATES) && (wants_any(SOCKTAP_CREATE, SOCKTAP_BEGIN) ||
                                                wants_any(SOCKTAP_CREATE, SOCKTAP_CONCLUSION));
}

/* Releases too: what cannot be made in full is released by the call that tried. */
static __always_inline bool tells_closes(void) {
  return by_calls(SOCKTAP_BY_CALLS_CLOSES) &&
         (wants_any(SOCKTAP_CLOSE, SOCKTAP_BEGIN) || wants_any(SOCKTAP_CLOSE, SOCKTAP_CONCLUSION));
}

static __always_inline void creation(__u32 tgid, const struct call* call, int phase, int result,
                                     struct socket* made, int descriptor) {
  struct occurrence occurrence = {.tgid = tgid, .operation = SOCKTAP_CREATE, .phase = phase};
  if (!tells_creates()) return;
  if (needs(SOCKTAP_FIELD_SOCK) && made) look_at((__u64)made, &occurrence.socket);
  occurrence.socket.flags = 0;
  occurrence.socket.state = 0;
  occurrence.socket.netns = needs(SOCKTAP_FIELD_NETNS) ? netns_of_task(current_task()) : 0;
  occurrence.socket.named = 1 + descriptor;
  occurrence.socket.family = needs(SOCKTAP_FIELD_FAMILY) ? (int)call->argument[0] : 0;
  occurrence.socket.type = needs(SOCKTAP_FIELD_TYPE) ? call->argument[1] & SOCK_TYPE_MASK : 0;
  occurrence.socket.protocol = needs(SOCKTAP_FIELD_PROTOCOL) ? (int)call->argument[2] : 0;
  occurrence.err = result;
  occurrence.success = phase == SOCKTAP_CONCLUSION && result >= 0;
  tell(&occurrence);
}

static __always_inline bool has_bad_flags(const struct call* call) {
  return (int)call->argument[1] & ~(SOCK_TYPE_MASK | SOCK_CLOEXEC | SOCK_NONBLOCK);
}

/* A request that is refused later than by its numbers or by a security module (EACCES) leaves an
 * allocated socket to be released. */
static __always_inline bool was_allocated(const struct call* call, int result) {
  return result != -EACCES && (__u32)call->argument[0] < AF_FAMILIES &&
         (call->argument[1] & SOCK_TYPE_MASK) < SOCK_TYPES;
}

/* The protocol that a socket gets which asks for none. */
static __always_inline int default_protocol(const struct call* call) {
  const __u32 family = (__u32)call->argument[0];
  const __u32 type = call->argument[1] & SOCK_TYPE_MASK;
  if (call->argument[2] || (family != AF_INET && family != AF_INET6)) return call->argument[2];
  return type == SOCK_STREAM ? 6 : type == SOCK_DGRAM ? 17 : 0;
}

/* The release of a socket that was made and dropped within a call. */
static __always_inline void release(__u32 tgid, const struct call* call, int family, int protocol) {
  struct occurrence occurrence = {.tgid = tgid, .operation = SOCKTAP_CLOSE, .phase = SOCKTAP_BEGIN};
  if (!tells_closes()) return;
  if (needs(SOCKTAP_FIELD_PROTOCOL)) occurrence.socket.protocol = protocol;
  if (needs(SOCKTAP_FIELD_FAMILY)) occurrence.socket.family = family;
  if (needs(SOCKTAP_FIELD_TYPE)) occurrence.socket.type = call->argument[1] & SOCK_TYPE_MASK;
  if (needs(SOCKTAP_FIELD_STATE)) occurrence.socket.state = 1; /* UNCONNECTED */
  if (needs(SOCKTAP_FIELD_NETNS)) occurrence.socket.netns = netns_of_task(current_task());
  tell(&occurrence);
  const struct occurrence end = {
      .tgid = tgid, .operation = SOCKTAP_CLOSE, .phase = SOCKTAP_CONCLUSION};
  tell(&end);
}

static __always_inline void release_failed(__u32 tgid, const struct call* call) {
  release(tgid, call, -1, -1);
}

static __always_inline void release_made(__u32 tgid, const struct call* call) {
  release(tgid, call, (int)call->argument[0], default_protocol(call));
}

static __always_inline void creating_begins(struct task_struct* task, __u32 tgid,
                                            const struct call* call) {
  const __u64 key = (__u64)task;
  const __u8 begun = 1;
  if ((!tells_creates() && !tells_closes()) || has_bad_flags(call)) return;
  if (bpf_map_update_elem(&creating_calls, &key, &begun, BPF_ANY)) count_map_full(1);
  if (call->kind == SOCKTAP_CALL_SOCKET) creation(tgid, call, SOCKTAP_BEGIN, 0, NULL, -1);
}

static __always_inline void socket_ends(struct task_struct* task, __u32 tgid,
                                        const struct call* call, int result) {
  if (result >= 0) {
    struct socket* made = NULL;
    if (needs(SOCKTAP_FIELD_SOCK)) made = socket_of(file_at(descriptors_of(task), result));
    creation(tgid, call, SOCKTAP_CONCLUSION, 0, made, result);
  } else if (result == -EMFILE || result == -ENFILE) {
    creation(tgid, call, SOCKTAP_CONCLUSION, 0, NULL, -1); /* made, but there is no descriptor */
    release_made(tgid, call);
  } else {
    creation(tgid, call, SOCKTAP_CONCLUSION, result, NULL, -1);
    if (was_allocated(call, result)) release_failed(tgid, call);
  }
}

static __always_inline void pair_ends(struct task_struct* task, __u32 tgid, const struct call* call,
                                      int result) {
  if (result == -EMFILE || result == -EFAULT) return;
  const bool both = result >= 0 || result == -EOPNOTSUPP || result == -ENFILE;
  if (!both) {
    creation(tgid, call, SOCKTAP_BEGIN, 0, NULL, -1);
    creation(tgid, call, SOCKTAP_CONCLUSION, result, NULL, -1);
    if (was_allocated(call, result)) release_failed(tgid, call);
    return;
  }
  int descriptors[2] = {-1, -1};
  if (result >= 0 && (needs(SOCKTAP_FIELD_SOCK) || needs(SOCKTAP_FIELD_FD)))
    bpf_probe_read_user(descriptors, sizeof(descriptors), (void*)call->argument[3]);
  for (int i = 0; i < 2; i++) {
    struct socket* made = NULL;
    if (needs(SOCKTAP_FIELD_SOCK) && descriptors[i] >= 0)
      made = socket_of(file_at(descriptors_of(task), descriptors[i]));
    creation(tgid, call, SOCKTAP_BEGIN, 0, NULL, -1);
    creation(tgid, call, SOCKTAP_CONCLUSION, 0, made, descriptors[i]);
  }
  if (result < 0) {
    release_made(tgid, call);
    release_made(tgid, call);
  }
}

/* A call that seccomp refuses ends without having begun. */
static __always_inline void creating_ends(struct task_struct* task, __u32 tgid,
                                          const struct call* call, int result) {
  const __u64 key = (__u64)task;
  if ((!tells_creates() && !tells_closes()) || bpf_map_delete_elem(&creating_calls, &key)) return;
  if (call->kind == SOCKTAP_CALL_SOCKET)
    socket_ends(task, tgid, call, result);
  else
    pair_ends(task, tgid, call, result);
}
