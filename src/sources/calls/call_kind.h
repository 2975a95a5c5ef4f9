/* The system calls that have to do with sockets, by what they do: a row of the call table each.
 * Shared with the kernel side of sources, so it is C and includes nothing.
 */
#ifndef SOCKTAP_CALL_KIND_H
#define SOCKTAP_CALL_KIND_H

enum socktap_call {
  SOCKTAP_CALL_OTHER = 0,
  SOCKTAP_CALL_SENDTO,
  SOCKTAP_CALL_SENDMSG,
  SOCKTAP_CALL_SENDMMSG,
  SOCKTAP_CALL_WRITE,
  SOCKTAP_CALL_WRITEV,
  SOCKTAP_CALL_PWRITEV2,
  SOCKTAP_CALL_SENDFILE,
  SOCKTAP_CALL_SPLICE,
  SOCKTAP_CALL_RECVFROM,
  SOCKTAP_CALL_RECVMSG,
  SOCKTAP_CALL_RECVMMSG,
  SOCKTAP_CALL_READ,
  SOCKTAP_CALL_READV,
  SOCKTAP_CALL_PREADV2,
  SOCKTAP_CALL_IO_SUBMIT,
  SOCKTAP_CALL_IO_URING_ENTER,
  SOCKTAP_CALL_SEND, /* of socketcall and of 32-bit arm */
  SOCKTAP_CALL_RECV,
  SOCKTAP_CALL_SOCKETCALL, /* i386: the call is in the first argument */
  SOCKTAP_CALL_SOCKET,     /* from here on: not messages, but sockets made and released */
  SOCKTAP_CALL_SOCKETPAIR,
  SOCKTAP_CALL_CLOSE,
  SOCKTAP_CALL_CLOSE_RANGE,
  SOCKTAP_CALL_DUP2,
  SOCKTAP_CALL_DUP3,
  SOCKTAP_CALL_EXECVE,
  SOCKTAP_CALL_EXECVEAT,
  SOCKTAP_CALL_CONNECT, /* which may end a connection, too */
  SOCKTAP_CALLS
};

#define SOCKTAP_CALL_NUMBERS 512
#define SOCKTAP_CALL_KINDS 32 /* a power of two, at least SOCKTAP_CALLS */
#define SOCKTAP_OPCODES 64    /* of io_uring */

#endif /* SOCKTAP_CALL_KIND_H */
