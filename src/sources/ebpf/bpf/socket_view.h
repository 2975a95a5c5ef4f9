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
};
