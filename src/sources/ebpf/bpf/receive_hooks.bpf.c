/* The functions that conclude receives: of each family, because the later messages of recvmmsg go
 * to them at once; and those above them, for families that are not here. */
#include "hooked.h"

#define LEAVE_RECEIVE(function)                                                              \
  LEAVE(function, struct socket* socket, void* message, __u64 size, int flags, int result) { \
    return message_left(socket, result, flags, SOCKTAP_RECEIVE);                             \
  }

ENTER(inet_recvmsg)
LEAVE_RECEIVE(inet_recvmsg)

ENTER(inet6_recvmsg)
LEAVE_RECEIVE(inet6_recvmsg)

ENTER(sock_common_recvmsg)
LEAVE_RECEIVE(sock_common_recvmsg)

ENTER(unix_stream_recvmsg)
LEAVE_RECEIVE(unix_stream_recvmsg)

ENTER(unix_dgram_recvmsg)
LEAVE_RECEIVE(unix_dgram_recvmsg)

ENTER(unix_seqpacket_recvmsg)
LEAVE_RECEIVE(unix_seqpacket_recvmsg)

ENTER(netlink_recvmsg)
LEAVE_RECEIVE(netlink_recvmsg)

ENTER(packet_recvmsg)
LEAVE_RECEIVE(packet_recvmsg)

ENTER(sock_recvmsg)
LEAVE(sock_recvmsg, struct socket* socket, void* message, int flags, int result) {
  return message_left(socket, result, flags, SOCKTAP_RECEIVE);
}

ENTER(sock_splice_read)
LEAVE(sock_splice_read, struct file* file, void* position, void* pipe, __u64 length, __u32 flags,
      long result) {
  return message_left(FETCH(file, private_data), result, 0, SOCKTAP_RECEIVE);
}
