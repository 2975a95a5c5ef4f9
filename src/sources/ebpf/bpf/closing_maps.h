/* What closing remembers: which sockets a call or an ending process may release, and which threads
 * are on their way out.
 */
#pragma once

#include "kernel.h"
#include "socket_view.h"

/* The file of a socket. The address alone would not do: freed memory is used again. */
struct socket_file {
  struct file* file;
  __u64 inode;
};

/* The files of which somebody may drop the last reference. Who takes an entry out tells the
 * release, unless it was told: then it is a mark that who told takes out when the call ends. An
 * entry whose file others hold on stays for as long as the file. */
enum {
  RELEASE_UNTOLD,
  RELEASE_TOLD,      /* or just about to be */
  RELEASE_RELIED_ON, /* the same, and another thread has left it at that */
};
struct releasing_files {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(map_flags, BPF_F_NO_PREALLOC);
  __uint(max_entries, 65536);
  __type(key, struct socket_file);
  __type(value, __u8);
};

/* Whose releases are told, by which task's numbers. */
struct releaser {
  __u32 tgid;
  __u32 tid;   /* 0: the current task's */
  __u32 ppid;  /* as tid */
  __u32 named; /* 1 + the descriptor that is closed, by close(2); 0: otherwise */
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

/* Of the same, if tails are asked for. */
struct closing_tails {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(map_flags, BPF_F_NO_PREALLOC);
  __uint(max_entries, 65536);
  __type(key, struct closing_socket);
  __type(value, struct kept_tail);
};

struct closing_call {
  __u32 kept;                /* of closing_sockets */
  __u32 concluding;          /* 1: the release is told already, but for its end */
  struct socket_file marked; /* as told; no file: there is no mark */
};
struct closing_calls {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(map_flags, BPF_F_NO_PREALLOC);
  __uint(max_entries, 4096);
  __type(key, __u64); /* the task */
  __type(value, struct closing_call);
};

/* Threads on their way out, and their processes (struct signal_struct). */
struct ending_threads {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(map_flags, BPF_F_NO_PREALLOC);
  __uint(max_entries, 16384);
  __type(key, __u64);   /* the task */
  __type(value, __u64); /* its process */
};

/* Processes of which threads were seen ending, and how far they are: see end.h. */
struct ending_processes {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(map_flags, BPF_F_NO_PREALLOC);
  __uint(max_entries, 16384);
  __type(key, __u64);
  __type(value, __u64);
};

extern struct releasing_files releasing_files SEC(".maps");
extern struct closing_sockets closing_sockets SEC(".maps");
extern struct closing_tails closing_tails SEC(".maps");
extern const __u8 no_tail[sizeof(struct kept_tail)]; /* nothing but zeros */
extern struct closing_calls closing_calls SEC(".maps");
extern struct ending_threads ending_threads SEC(".maps");
extern struct ending_processes ending_processes SEC(".maps");
extern __u64 unsettled; /* sockets that ending processes may release */

/* -EEXIST, or another error, if it is not the first with that key. Before 6.4 the kernel leaves the
 * upper half of what it returns undefined. */
static __always_inline int add_new(void* map, const void* key, const void* value) {
  return (int)bpf_map_update_elem(map, key, value, BPF_NOEXIST);
}

/* 0 for one caller, -ENOENT for all others. */
static __always_inline int take_out(void* map, const void* key) {
  return (int)bpf_map_delete_elem(map, key);
}
