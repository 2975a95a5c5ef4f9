/* The addresses that a socket has and is connected to. */
#pragma once

#include <bpf/bpf_endian.h>

#include "access.h"
#include "settings.h"

/* Into a tail that is cleared; `sk` may be NULL. */
static __always_inline void fill_addresses(struct socktap_tail* tail, struct sock* sk) {
  __u64* local = (__u64*)tail->local_address;
  __u64* remote = (__u64*)tail->remote_address;
  if (!sk) return;
  const __u16 family = FETCH(sk, __sk_common.skc_family);
  if (family == AF_INET) {
    *(__u32*)local = FETCH(sk, __sk_common.skc_rcv_saddr);
    *(__u32*)remote = FETCH(sk, __sk_common.skc_daddr);
  } else if (family == AF_INET6 && bpf_core_field_exists(sk->__sk_common.skc_v6_daddr)) {
    bpf_core_read(local, 16, &sk->__sk_common.skc_v6_rcv_saddr);
    bpf_core_read(remote, 16, &sk->__sk_common.skc_v6_daddr);
  } else {
    return;
  }
  tail->address_family = family;
  tail->local_port = bpf_ntohs(FETCH((struct inet_sock*)sk, inet_sport));
  tail->remote_port = bpf_ntohs(FETCH(sk, __sk_common.skc_dport));
}
