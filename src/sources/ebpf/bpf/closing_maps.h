/* What closing remembers: which sockets a call or an ending process may release, and who watches
 * them. Entries that several CPUs change are never deleted: a hash map gives the memory of a
 * deleted entry to another key at once, under the hands of who has just found it.
 */
#pragma once

#include "kernel.h"
#include "socket_view.h"

/* The file of a socket. The address alone would not do: freed memory is used again. */
struct socket_file {
  struct file* file;
  __u64 inode;
};

/* How many are about to drop a reference to a file: by a hash of the file, so that others may be
 * counted with it. */
#define WATCHED_BITS 14
struct watchers {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 1 << WATCHED_BITS);
  __type(key, __u32);
  __type(value, __u64);
};

/* Of the files that were watched, those whose release was told. */
struct told_files {
  __uint(type, BPF_MAP_TYPE_LRU_HASH);
  __uint(max_entries, 1); /* set when it is loaded */
  __type(key, struct socket_file);
  __type(value, __u8);
};

/* Whose releases are told, by which task's numbers. */
struct releaser {
  __u32 tgid;
  __u32 tid;  /* 0: the current task's */
  __u32 ppid; /* as tid */
};

/* A socket that may be released when its owner is done: the task whose call it is (its thread id
 * may change in execve) or the process that ends (its struct signal_struct). */
struct closing_socket {
  __u64 owner;
  __u64 index;
};
struct closing_view {
  struct socket_file file;
  struct socket* socket;
  struct socket_view view;
  struct releaser by;
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

/* Processes of which threads are ending: see end.h. */
struct ending_processes {
  __uint(type, BPF_MAP_TYPE_LRU_HASH);
  __uint(max_entries, 1); /* as told_files */
  __type(key, __u64);     /* the struct signal_struct */
  __type(value, __u64);
};

extern struct watchers watchers SEC(".maps");
extern struct told_files told_files SEC(".maps");
extern struct closing_sockets closing_sockets SEC(".maps");
extern struct closing_calls closing_calls SEC(".maps");
extern struct ending_processes ending_processes SEC(".maps");
extern __s64 ending_threads; /* on their way out */

/* -EEXIST, or another error, if it is not the first with that key. Before 6.4 the kernel leaves the
 * upper half of what it returns undefined. */
static __always_inline int add_new(void* map, const void* key, const void* value) {
  return (int)bpf_map_update_elem(map, key, value, BPF_NOEXIST);
}
