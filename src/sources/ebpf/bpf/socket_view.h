#pragma once

#include "kernel.h"

/* What a record says of a socket. */
struct socket_view {
  __u64 sock;
  __u32 flags;
  __s32 protocol;
  __s16 family;
  __s16 type;
  __s32 state;
  __u32 netns;
  __u32 named; /* 1 + the descriptor by which the task named it; 0: by none */
};

/* What its tail is made of, kept for when the socket is gone. */
#define KEPT_ADDRESSES 40
struct kept_tail {
  __u64 addresses[KEPT_ADDRESSES / 8]; /* as struct socktap_tail begins */
  struct socktap_path_tail path;
};
