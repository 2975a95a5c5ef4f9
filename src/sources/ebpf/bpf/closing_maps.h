/* What calls that close descriptors remember from their begin to their end. */
#pragma once

#include "kernel.h"
#include "socket_view.h"

struct closing {
  __u32 kept;       /* sockets in closing_sockets */
  __u32 concluding; /* 1: already told, but for the end */
};
struct closing_calls {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(map_flags, BPF_F_NO_PREALLOC);
  __uint(max_entries, 4096);
  __type(key, __u64); /* the task: its thread id may change in execve */
  __type(value, struct closing);
};
struct closing_socket {
  __u64 task;
  __u64 index;
};
struct closing_sockets {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(map_flags, BPF_F_NO_PREALLOC);
  __uint(max_entries, 8192);
  __type(key, struct closing_socket);
  __type(value, struct socket_view);
};
/* References to one file seen in one walk; of a process that ends, its struct signal_struct and
 * when it began. */
struct walked_file {
  struct file* file;
  __u64 walk;
};
struct walked_files {
  __uint(type, BPF_MAP_TYPE_LRU_HASH);
  __uint(max_entries, 1024);
  __type(key, struct walked_file);
  __type(value, __u32);
};
extern struct closing_calls closing_calls SEC(".maps");
extern struct closing_sockets closing_sockets SEC(".maps");
extern struct walked_files walked_files SEC(".maps");
