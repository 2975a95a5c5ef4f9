/* How far each thread's current message has come. */
#pragma once

#include "kernel.h"

enum {
  MARK_NONE = 0,
  MARK_TOLD,
  MARK_REACHED, /* the socket layer */
};

struct thread_message {
  __u64 socket; /* of kprobes: the one that is passing */
  __u32 flags;
  __u8 mark;
  __u8 direction;
};
struct thread_messages {
  __uint(type, BPF_MAP_TYPE_LRU_HASH);
  __uint(max_entries, 16384);
  __type(key, __u32); /* the root namespace's thread id */
  __type(value, struct thread_message);
};
extern struct thread_messages thread_messages SEC(".maps");

/* The functions that messages pass. */
enum {
  HOOKED___sys_sendto,
  HOOKED_____sys_sendmsg,
  HOOKED_sock_write_iter,
  HOOKED_sock_sendmsg,
  HOOKED_sock_sendpage,
  HOOKED_sock_recvmsg,
  HOOKED_sock_splice_read,
  HOOKED_inet_recvmsg,
  HOOKED_inet6_recvmsg,
  HOOKED_sock_common_recvmsg,
  HOOKED_unix_stream_recvmsg,
  HOOKED_unix_dgram_recvmsg,
  HOOKED_unix_seqpacket_recvmsg,
  HOOKED_netlink_recvmsg,
  HOOKED_packet_recvmsg,
};

struct message_key {
  __u32 tid;
  __u32 function;
};
struct kept_message {
  __u64 socket;
  __u32 flags;
};
struct kept_messages {
  __uint(type, BPF_MAP_TYPE_LRU_HASH);
  __uint(max_entries, 32768);
  __type(key, struct message_key);
  __type(value, struct kept_message);
};
extern struct kept_messages kept_messages SEC(".maps");
