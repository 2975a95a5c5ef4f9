/* The record that every source fills and every consumer reads. Shared with the kernel side, so it
 * is C, fixed in size and layout, and includes no header: the includer brings __u64 and friends.
 *
 * One record is 128 bytes, two cache lines. The first line is who and when, the same for every
 * kind of event; the second is what happened. What few scripts ask for follows in a tail, which
 * is there only if some field of it is asked for. Fields that the script does not need are 0.
 *
 * A record that is `kept` was handled where it arose by those handlers that run there; it is sent
 * for the others.
 */
#ifndef SOCKTAP_WIRE_H
#define SOCKTAP_WIRE_H

/* Values of operation, phase and path: as the enumerations in tapset/catalogue.h. */
enum {
  SOCKTAP_SEND = 0,
  SOCKTAP_RECEIVE = 1,
  SOCKTAP_CREATE = 2,
  SOCKTAP_CLOSE = 3,
  SOCKTAP_NET_TRANSMIT = 4,
  SOCKTAP_NET_RECEIVE = 5,
  SOCKTAP_SEGMENT = 6,
  SOCKTAP_DISCONNECT = 7,
  SOCKTAP_SYSTEM_CALL = 8,
  SOCKTAP_PROCESS = 9,
  SOCKTAP_OPERATIONS
};

enum {
  SOCKTAP_BEGIN = 0,
  SOCKTAP_CONCLUSION = 1,
};

enum {
  SOCKTAP_PATH_NONE = 0,
  SOCKTAP_PATH_SENDMSG = 1,
  SOCKTAP_PATH_AIO_WRITE = 2,
  SOCKTAP_PATH_WRITEV = 3,
  SOCKTAP_PATH_RECVMSG = 4,
  SOCKTAP_PATH_AIO_READ = 5,
  SOCKTAP_PATH_READV = 6,
};

#define SOCKTAP_CALL_ARGUMENTS 6
#define SOCKTAP_CAPTURES 2 /* how much memory of the task a system call's record may hold */
#define SOCKTAP_CAPTURE_0 256
#define SOCKTAP_CAPTURE_1 128
#define SOCKTAP_NOT_CAPTURED 0xffff

#define SOCKTAP_COMM_LENGTH 16
#define SOCKTAP_DEV_NAME_LENGTH 16

struct socktap_record {
  /* The transport's own: the sequence number of the record that was last written here, plus 1. */
  __u64 commit;
  __u64 time; /* ns, CLOCK_MONOTONIC */
  __u32 tgid; /* as seen from socktap's PID namespace; root numbers for tasks outside it */
  __u32 tid;
  __u32 ppid;
  __u32 uid;
  __u32 euid;
  __u32 gid;
  __u32 egid;
  __u16 cpu;
  __u8 operation;
  __u8 phase;
  char comm[SOCKTAP_COMM_LENGTH]; /* zero-padded */

  __u64 sock; /* the socket's number, never an address */
  __s64 size; /* bytes or negative errno; of a system call its result */
  union {
    __u64 latency;  /* ns; 0: the beginning was not seen */
    __u64 truesize; /* of a packet: bytes of memory */
  };
  __u32 flags; /* bits as the contract numbers them, not as this kernel does */
  __u32 msg_flags;
  union {
    __s32 protocol;
    __s32 call_number; /* as the task's architecture counts */
  };
  __s32 err;
  union {
    __s16 family;
    __u16 call_form; /* 1 + the index into tapset::calls(); 0: none of them */
  };
  __s16 type;
  union {
    __s8 state;
    __u8 is_compat; /* the call of a 32-bit task */
  };
  __u8 path;
  __u8 success;
  __u8 requester;
  union {
    char dev_name[SOCKTAP_DEV_NAME_LENGTH]; /* of a packet, zero-padded */
    __u8 kept;                              /* of what happens to sockets: 1: see below */
  };
};

#define SOCKTAP_UNIX_PATH_LENGTH 108 /* of sockaddr_un's path */

/* The addresses of a socket, of a packet the sender's (local) and the receiver's (remote), and what
 * else few ask for. Conditions on it can be tested where events arise, as those on the record. */
struct socktap_first_tail {
  __u64 words[8];
};

/* Of a system call. */
struct socktap_call_tail {
  __u64 arguments[SOCKTAP_CALL_ARGUMENTS];
  /* How much of the memory below is the task's; SOCKTAP_NOT_CAPTURED: none, it could not be read.
   */
  __u16 captured[SOCKTAP_CAPTURES];
  __u8 spare[12];

  char capture_1[SOCKTAP_CAPTURE_1];
  char capture_0[SOCKTAP_CAPTURE_0];
};

/* What is behind a zero is not part of the path. */
struct socktap_path_tail {
  char path[SOCKTAP_UNIX_PATH_LENGTH];
  __u8 spare[20];
};

/* That; then the path of a socket, or a system call's arguments and what they point to. Of these
 * parts a record has as many, from the first on, as the script needs. */
struct socktap_tail {
  __u8 local_address[16]; /* an IPv4 address is the first four bytes */
  __u8 remote_address[16];
  __u16 address_family; /* AF_INET, AF_INET6; 0: no addresses */
  __u16 local_port;     /* as people count */
  __u16 remote_port;
  __u8 tcp_flags; /* of a segment, as its header has them */
  __u8 spare[1];
  __u64 cgroup; /* the task's, of cgroup v2, by its id; 0: the host has none */
  __u32 netns;  /* the socket's network namespace, by its inode */
  __s32 fd;     /* by which the task named the socket; -1: it did not, or that is not known */
  __u8 spare_of_socket[8];

  union {
    struct socktap_call_tail call;
    struct socktap_path_tail local; /* of a socket of AF_UNIX */
  };
};

struct socktap_whole_record {
  struct socktap_record record;
  struct socktap_tail tail;
};

/* One bit for each field. */
enum {
#define SOCKTAP_FIELD(name, NAME, part, member) SOCKTAP_FIELD_##NAME,
#include "../tapset/fields.def"
#undef SOCKTAP_FIELD
};

#endif /* SOCKTAP_WIRE_H */
