/* What the collectors and their loader agree on besides the record (event/wire.h). Shared with the
 * kernel side, so it is C and includes only its like: the includer brings __u64 and friends.
 */
#ifndef SOCKTAP_COLLECTOR_ABI_H
#define SOCKTAP_COLLECTOR_ABI_H

#include "../../ebpf/script_abi.h"
#include "../../event/wire.h"
#include "../calls/call_kind.h"
#include "../calls/call_settings.h"
#include "../ring/ring_abi.h"

#define SOCKTAP_OPERATION_KINDS 16 /* a power of two, at least SOCKTAP_OPERATIONS */

/* What the system call programs tell: the rest is told by better ones. */
enum {
  SOCKTAP_BY_CALLS_BEGINS = 1 << 0, /* of messages */
  SOCKTAP_BY_CALLS_CREATES = 1 << 1,
  SOCKTAP_BY_CALLS_CLOSES = 1 << 2,
};

/* The programs that have a twin: bpf/twin.h. */
enum {
  SOCKTAP_TWIN_send,
  SOCKTAP_TWIN_receive,
  SOCKTAP_TWIN_calls_enter,
  SOCKTAP_TWIN_calls_exit,
  SOCKTAP_TWIN_calls_conclude,
  SOCKTAP_TWIN_close_at_exit,
  SOCKTAP_TWIN_system_call_enter,
  SOCKTAP_TWIN_system_call_exit,
  SOCKTAP_TWIN_process_fork,
  SOCKTAP_TWIN_process_exec,
  SOCKTAP_TWIN_process_exit,
  SOCKTAP_TWINS,
};

/* The place for the script's part in a program: this number is moved to r0, and behind that are so
 * many instructions that do nothing. */
#define SOCKTAP_SCRIPT_PART_MARK 1347571536
#define SOCKTAP_SCRIPT_PART_ROOM 1024

/* Constant once loaded: the verifier removes what a run does not need. */
struct socktap_settings {
  __u64 fields;                            /* SOCKTAP_FIELD_ bits to be captured */
  __u8 wanted[SOCKTAP_OPERATION_KINDS][2]; /* by operation and phase: a bit for each path */
  __u32 slots;                             /* records of one CPU's ring, a power of two */
  __u32 own_tgid;                          /* in socktap's PID namespace */
  __u32 pidns_inum;  /* that namespace's inode; 0: the root's, whose numbers are read directly */
  __u8 include_self; /* events of own_tgid too */
  __u8 scoped;       /* only the processes in the map `scope` */
  __u8 tell_paths;   /* 0: some point of every direction covers all its paths, and no point fewer */
  __u8 tell_opcodes; /* io_uring requests are remembered */
  __u8 number_socks; /* SOCKTAP_NUMBER_ */
  __u8 weak_ordering;     /* the machine needs a barrier to publish a record */
  __u8 remember_entries;  /* latencies are asked for */
  __u8 has_tail;          /* records have the first part of the tail */
  __u8 has_addresses;     /* which tells addresses */
  __u8 by_calls;          /* SOCKTAP_BY_CALLS_ bits */
  __u8 has_twins;         /* tracepoint programs leave marks for them */
  __u8 page_shift;        /* of a page's size */
  __u16 calibrating_call; /* the number of the system call that the calibration makes */
  /* The script's part says whether these are wanted: bpf/script_part.h. */
  __u8 filters_messages;                   /* when they conclude */
  __u8 filters_occurrences;                /* all other things that happen to sockets */
  __u8 filters_tail;                       /* and looks at the first part of the tail for it */
  __u8 keeps;                              /* it may keep something of those, too */
  __u8 keeps_of_threads;                   /* and elements that each thread has of its own */
  __u8 native_calls[SOCKTAP_CALL_NUMBERS]; /* enum socktap_call by number */
  __u8 compat_calls[SOCKTAP_CALL_NUMBERS];
  __u8 path_of_call[2][SOCKTAP_CALL_KINDS]; /* SOCKTAP_PATH_ by direction */
  __u8 path_of_opcode[2][SOCKTAP_OPCODES];
  __u8 flags_argument[SOCKTAP_CALL_KINDS]; /* which argument is the flags: 3, 4; 0: none */
};

/* How sockets are numbered in one run: by the cookie where every program may ask for it, else by
 * the inode, which all can read. */
enum {
  SOCKTAP_NUMBER_COOKIE = 0,
  SOCKTAP_NUMBER_INODE = 1,
};

/* Changes while running. */
enum socktap_stage {
  SOCKTAP_STAGE_OFF = 0,
  SOCKTAP_STAGE_CALIBRATING, /* only events of own_tgid pass */
  SOCKTAP_STAGE_LIVE,
};

/* The scope: a byte for each possible process number, 1 if it is traced. */
#define SOCKTAP_PID_LIMIT (1 << 22)
#define SOCKTAP_SCOPE_ENTRY 8
#define SOCKTAP_SCOPE_ENTRIES (SOCKTAP_PID_LIMIT / SOCKTAP_SCOPE_ENTRY)
struct socktap_scope_entry {
  __u8 traced[SOCKTAP_SCOPE_ENTRY];
};

#endif /* SOCKTAP_COLLECTOR_ABI_H */
