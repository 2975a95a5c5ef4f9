/* What a system call's arguments say of its kind, and of whether it makes a message at all. Shared
 * with the kernel side of sources, so it is C: the includer brings __u64 and bool.
 */
#ifndef SOCKTAP_CALL_RULES_H
#define SOCKTAP_CALL_RULES_H

#include "call_kind.h"

/* Positions other than -1, the file's own, end in ESPIPE. */
static inline bool socktap_has_position(enum socktap_call kind, bool compat,
                                        const __u64* argument) {
  if (kind != SOCKTAP_CALL_PWRITEV2 && kind != SOCKTAP_CALL_PREADV2) return false;
  if (compat) return (argument[3] & argument[4]) != 0xffffffff;
  return argument[3] != ~0ULL;
}

static inline bool socktap_is_batch(enum socktap_call kind) {
  return kind == SOCKTAP_CALL_SENDMMSG || kind == SOCKTAP_CALL_RECVMMSG;
}

static inline bool socktap_is_empty_batch(enum socktap_call kind, const __u64* argument) {
  return socktap_is_batch(kind) && (__u32)argument[2] == 0;
}

/* Asked to move nothing, these end before they come to the socket. */
static inline bool socktap_ignores_nothing(enum socktap_call kind) {
  switch (kind) {
    case SOCKTAP_CALL_READ:
    case SOCKTAP_CALL_READV:
    case SOCKTAP_CALL_PREADV2:
    case SOCKTAP_CALL_WRITEV:
    case SOCKTAP_CALL_PWRITEV2:
    case SOCKTAP_CALL_SPLICE:
    case SOCKTAP_CALL_SENDFILE:
      return true;
    default:
      return false;
  }
}

/* Whether a call that makes messages says on which descriptor: some say it in memory. */
static inline bool socktap_names_socket(enum socktap_call kind) {
  return kind != SOCKTAP_CALL_IO_SUBMIT && kind != SOCKTAP_CALL_IO_URING_ENTER;
}

/* Of such a call: that descriptor. */
static inline __u32 socktap_descriptor_in(enum socktap_call kind, bool sends,
                                          const __u64* argument) {
  if (kind == SOCKTAP_CALL_SPLICE && sends) return (__u32)argument[2];
  if (kind == SOCKTAP_CALL_SENDFILE && !sends) return (__u32)argument[1];
  return (__u32)argument[0];
}

/* socketcall(2) multiplexes what i386 programs may also call directly. */
static inline enum socktap_call socktap_kind_of_socketcall(__u64 call) {
  switch (call) {
    case 1:
      return SOCKTAP_CALL_SOCKET;
    case 3:
      return SOCKTAP_CALL_CONNECT;
    case 8:
      return SOCKTAP_CALL_SOCKETPAIR;
    case 9:
      return SOCKTAP_CALL_SEND;
    case 10:
      return SOCKTAP_CALL_RECV;
    case 11:
      return SOCKTAP_CALL_SENDTO;
    case 12:
      return SOCKTAP_CALL_RECVFROM;
    case 16:
      return SOCKTAP_CALL_SENDMSG;
    case 17:
      return SOCKTAP_CALL_RECVMSG;
    case 19:
      return SOCKTAP_CALL_RECVMMSG;
    case 20:
      return SOCKTAP_CALL_SENDMMSG;
    default:
      return SOCKTAP_CALL_OTHER;
  }
}

#endif /* SOCKTAP_CALL_RULES_H */
