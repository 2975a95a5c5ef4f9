/* What: the fields of a socket, each from where the running kernel keeps it. */
#pragma once

#include "access.h"
#include "settings.h"

/* Bits of `flags` as the contract numbers them. */
enum {
  FLAG_ASYNC_NOSPACE = 1 << 0,
  FLAG_ASYNC_WAITDATA = 1 << 1,
  FLAG_NOSPACE = 1 << 2,
  FLAG_PASSCRED = 1 << 3,
  FLAG_PASSSEC = 1 << 4,
  FLAG_SUPPORT_ZC = 1 << 5,
  FLAG_CUSTOM_SOCKOPT = 1 << 6,
  FLAG_PASSPIDFD = 1 << 7,
  FLAG_PASSRIGHTS = 1 << 8,
};

/* Only these families pass credentials; for others the same bits of struct sock mean other
 * things. */
static __always_inline bool passes_credentials(struct sock* sk) {
  const __u16 family = READ(sk, __sk_common.skc_family);
  return family == AF_UNIX || family == AF_NETLINK || family == AF_BLUETOOTH;
}

static __always_inline __u32 socket_flags(struct socket* socket, struct sock* sk) {
  const __u64 raw = READ(socket, flags);
  __u32 flags = READ(socket, wq.flags) & (FLAG_ASYNC_NOSPACE | FLAG_ASYNC_WAITDATA);
  flags |= raw & FLAG_NOSPACE;
  /* 6.16 moved PASSCRED and its like to struct sock and renumbered what stayed. */
  if (!bpf_core_field_exists(struct sock, sk_scm_credentials))
    return flags | (raw & (FLAG_PASSCRED | FLAG_PASSSEC | FLAG_SUPPORT_ZC | FLAG_CUSTOM_SOCKOPT |
                           FLAG_PASSPIDFD));
  if (raw & 1 << 3) flags |= FLAG_SUPPORT_ZC;
  if (raw & 1 << 4) flags |= FLAG_CUSTOM_SOCKOPT;
  if (sk && passes_credentials(sk)) {
    if (READ_BITFIELD(sk, sk_scm_credentials)) flags |= FLAG_PASSCRED;
    if (READ_BITFIELD(sk, sk_scm_security)) flags |= FLAG_PASSSEC;
    if (READ_BITFIELD(sk, sk_scm_pidfd)) flags |= FLAG_PASSPIDFD;
    if (READ_BITFIELD(sk, sk_scm_rights)) flags |= FLAG_PASSRIGHTS;
  }
  return flags;
}

static __always_inline __u64 socket_inode(struct socket* socket) {
  struct socket_alloc* whole = (void*)socket - bpf_core_field_offset(struct socket_alloc, socket);
  return FETCH(whole, vfs_inode.i_ino);
}

/* UNIX sockets keep their state in struct sock; since Linux 7 only there. */
static __always_inline int socket_state_of(struct socket* socket, struct sock* sk) {
  const int state = READ(socket, state);
  if (state != SS_UNCONNECTED || !sk || READ(sk, __sk_common.skc_family) != AF_UNIX) return state;
  return READ(sk, __sk_common.skc_state) == TCP_ESTABLISHED ? SS_CONNECTED : state;
}

/* `socket` and `sk` may be NULL: what depends on them is then -1 or 0. The number of the socket is
 * the caller's: how it is had depends on the kind of program. */
static __always_inline void fill_socket(struct socktap_record* record, struct socket* socket,
                                        struct sock* sk) {
  record->protocol = needs(SOCKTAP_FIELD_PROTOCOL) ? (sk ? READ(sk, sk_protocol) : -1) : 0;
  record->family = 0;
  record->type = 0;
  record->state = 0;
  record->flags = 0;
  if (!socket) {
    if (needs(SOCKTAP_FIELD_FAMILY)) record->family = -1;
    if (needs(SOCKTAP_FIELD_TYPE)) record->type = -1;
    if (needs(SOCKTAP_FIELD_STATE)) record->state = -1;
    return;
  }
  if (needs(SOCKTAP_FIELD_FAMILY)) {
    const struct proto_ops* ops = READ(socket, ops);
    record->family = ops ? READ(ops, family) : -1;
  }
  if (needs(SOCKTAP_FIELD_TYPE)) record->type = READ(socket, type);
  if (needs(SOCKTAP_FIELD_STATE)) record->state = socket_state_of(socket, sk);
  if (needs(SOCKTAP_FIELD_FLAGS)) record->flags = socket_flags(socket, sk);
}

static __always_inline void fill_dev_name(struct socktap_record* record, struct sk_buff* packet) {
  __u64* name = (__u64*)record->dev_name;
  name[0] = 0;
  name[1] = 0;
  if (needs(SOCKTAP_FIELD_DEV_NAME)) BPF_CORE_READ_STR_INTO(&record->dev_name, packet, dev, name);
}

/* What an operation that has none of these leaves. */
static __always_inline void fill_nothing(struct socktap_record* record) {
  record->sock = 0;
  record->size = 0;
  record->latency = 0;
  record->msg_flags = 0;
  record->err = 0;
  record->path = 0;
  record->success = 0;
  record->requester = 0;
  record->kept = 0;
}
