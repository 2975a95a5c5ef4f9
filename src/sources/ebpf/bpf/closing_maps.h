/* What closing remembers: which sockets a call or an ending process may release, and who watches
 * them.
 */
#pragma once

#include "kernel.h"
#include "socket_view.h"

/* The file of a socket. The address alone would not do: freed memory is used again. */
struct socket_file {
  struct file* file;
  __u64 inode;
};

/* How many are about to drop a reference to a file, and whether its release was told. */
struct watched_file {
  __u64 watchers;
  __u64 told;
};
struct watched_files {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(map_flags, BPF_F_NO_PREALLOC);
  __uint(max_entries, 65536);
  __type(key, struct socket_file);
  __type(value, struct watched_file);
};

/* A socket that may be released when its owner is done: the task whose call it is (its thread id
 * may change in execve), or that looked at the descriptors of the process it ends with. */
struct closing_socket {
  __u64 owner;
  __u64 index;
};
struct closing_view {
  struct socket_file file;
  struct socket* socket;
  struct socket_view view;
};
struct closing_sockets {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(map_flags, BPF_F_NO_PREALLOC);
  __uint(max_entries, 65536);
  __type(key, struct closing_socket);
  __type(value, struct closing_view);
};

struct closing_call {
  __u32 kept;       /* of closing_sockets */
  __u32 concluding; /* 1: the release is told already, but for its end */
};
struct closing_calls {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(map_flags, BPF_F_NO_PREALLOC);
  __uint(max_entries, 4096);
  __type(key, __u64); /* the task */
  __type(value, struct closing_call);
};

/* A process of which threads are ending. Those that find themselves the last may be several: where
 * one is slow to arrive, all others may be gone, their entry deleted, and it walks once more. */
struct ending_process {
  __u64 threads; /* on their way out */
  __u64 walked;  /* the descriptors were looked at */
  __u64 walker;  /* the task that did */
  __u32 kept;    /* of closing_sockets */
  __u32 tgid;
  __u32 tid;
  __u32 ppid;
};
struct ending_processes {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(map_flags, BPF_F_NO_PREALLOC);
  __uint(max_entries, 16384);
  __type(key, __u64); /* the struct signal_struct */
  __type(value, struct ending_process);
};

/* Entries are shared by who joins them. The last to leave deletes the entry, and whoever comes
 * between its leaving and the deletion has to wait: usually for nanoseconds, and for as long as
 * the other CPU stands still where that is a virtual one. */
#define JOIN_ATTEMPTS 4096

static __always_inline bool join(__u64* sharers) {
  const __u64 now = *(volatile __u64*)sharers;
  return now && __sync_val_compare_and_swap(sharers, now, now + 1) == now;
}

extern struct watched_files watched_files SEC(".maps");
extern struct closing_sockets closing_sockets SEC(".maps");
extern struct closing_calls closing_calls SEC(".maps");
extern struct ending_processes ending_processes SEC(".maps");
