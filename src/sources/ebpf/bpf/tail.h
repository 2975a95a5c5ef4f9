/* What few scripts ask for: the tail of a socket's record. */
#pragma once

#include "addresses.h"
#include "ring.h"

static __always_inline __u32 netns_of_sock(struct sock* sk) {
  return FETCH(sk, __sk_common.skc_net.net, ns.inum);
}

/* 0: it is on its way out. */
static __always_inline __u32 netns_of_task(struct task_struct* task) {
  struct nsproxy* namespaces = FETCH(task, nsproxy);
  return namespaces ? FETCH(namespaces, net_ns, ns.inum) : 0;
}

static __always_inline __u64 current_cgroup(void) {
  return bpf_core_field_exists(struct task_struct, cgroups) ? bpf_get_current_cgroup_id() : 0;
}

/* Its first part. `sk`: whose addresses are told, or NULL. `named`: 1 + the descriptor by which the
 * task named the socket; 0: by none. */
static __always_inline void fill_first_tail(struct socktap_tail* tail, struct sock* sk, __u32 netns,
                                            __u32 named) {
  __u64* words = ((struct socktap_first_tail*)tail)->words;
#pragma unroll
  for (unsigned i = 0; i < sizeof(struct socktap_first_tail) / sizeof(*words); i++) words[i] = 0;
  if (settings.has_addresses) fill_addresses(tail, sk);
  if (needs(SOCKTAP_FIELD_CGROUP)) tail->cgroup = current_cgroup();
  tail->netns = netns;
  tail->fd = (__s32)named - 1;
}

/* The address that a socket of AF_UNIX is bound to, or its peer is; NULL: none. */
static __always_inline struct unix_address* unix_address_of(struct sock* sk) {
  if (!sk || !bpf_core_type_exists(struct unix_sock) ||
      FETCH(sk, __sk_common.skc_family) != AF_UNIX)
    return NULL;
  struct unix_address* own = FETCH((struct unix_sock*)sk, addr);
  if (own) return own;
  struct sock* peer = FETCH((struct unix_sock*)sk, peer);
  return peer ? FETCH((struct unix_sock*)peer, addr) : NULL;
}

/* Abstract names begin with a zero. */
static __always_inline void fill_path(struct socktap_path_tail* tail, struct sock* sk) {
  __u64* words = (__u64*)tail;
#pragma unroll
  for (unsigned i = 0; i < sizeof(*tail) / sizeof(*words); i++) words[i] = 0;
  struct unix_address* address = unix_address_of(sk);
  if (!address) return;
  __u64 length = (__u32)FETCH(address, len) - sizeof(__u16);
  if (length > SOCKTAP_UNIX_PATH_LENGTH) length = SOCKTAP_UNIX_PATH_LENGTH; /* with its zero */
  barrier_var(length);
  length &= 127; /* for the verifier */
  if (!length || bpf_core_read(tail->path, length, &address->name[0].sun_path)) return;
  if (!tail->path[0]) tail->path[0] = '@';
}
