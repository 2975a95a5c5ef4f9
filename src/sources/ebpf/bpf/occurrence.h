/* What the system call programs tell: one function writes the record, so that the verifier walks
 * through it once, however many kinds of calls lead there.
 */
#pragma once

#include "closing_maps.h"
#include "script_part.h"
#include "socket.h"
#include "socket_view.h"
#include "tail.h"
#include "task.h"

struct occurrence {
  struct socket_view socket;
  __u64 sk;                   /* a struct sock, which may have addresses or a path; else 0 */
  struct closing_socket kept; /* of closing_tails, which has them instead; no owner: none */
  __s64 size;
  __u32 tgid;
  __u32 tid;  /* 0: the current task's */
  __u32 ppid; /* as tid */
  __u32 msg_flags;
  __s32 err;
  __u8 operation;
  __u8 phase;
  __u8 path;
  __u8 success : 1;
  __u8 requester : 1;
}; /* without padding, which would reach the functions below uninitialized */

/* Where a record is put together that may not be wanted: there is no room on the stack. Used only
 * where no task can be preempted inside the program. */
struct records_aside {
  __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, struct record_aside);
};
extern struct records_aside records_aside SEC(".maps");

/* What `address`, that of a struct socket, says of itself. And: writes the record, if it is asked
 * for; if it also meets the script's conditions. Two functions, because the kernel adds up the
 * stacks of all that may call each other. Before 5.12 a function with a pointer for an argument is
 * not verified by itself, and each file has its own. */
#ifdef SOCKTAP_OLDER
static int look_at(__u64 address, struct socket_view* view);
static int tell_all(const struct occurrence* occurrence);
static int tell_if_wanted(const struct occurrence* occurrence);
#define OCCURRENCE_FUNCTION static __noinline
#include "occurrence_functions.h"
#else
int look_at(__u64 address, struct socket_view* view);
int tell_all(const struct occurrence* occurrence);
int tell_if_wanted(const struct occurrence* occurrence);
#endif

static __always_inline int tell(const struct occurrence* occurrence) {
  return settings.filters_occurrences ? tell_if_wanted(occurrence) : tell_all(occurrence);
}

/* It is about that socket: what is asked of it, and its addresses. */
static __always_inline void set_socket(struct occurrence* occurrence, struct socket* socket) {
  look_at((__u64)socket, &occurrence->socket);
  if (settings.has_tail) occurrence->sk = (__u64)FETCH(socket, sk);
}
