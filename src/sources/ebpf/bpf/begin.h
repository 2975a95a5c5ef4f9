/* Messages, when they begin: by the system calls that make them. */
#pragma once

#include "descriptor.h"
#include "latency.h"
#include "occurrence.h"
#include "offered.h"

/* Positions other than -1, the file's own, end in ESPIPE. */
static __always_inline bool has_position(const struct call* call) {
  if (call->kind != SOCKTAP_CALL_PWRITEV2 && call->kind != SOCKTAP_CALL_PREADV2) return false;
  if (call->compat) return (call->argument[3] & call->argument[4]) != 0xffffffff;
  return call->argument[3] != ~0ULL;
}

static __always_inline bool is_empty_batch(const struct call* call) {
  return (call->kind == SOCKTAP_CALL_SENDMMSG || call->kind == SOCKTAP_CALL_RECVMMSG) &&
         (__u32)call->argument[2] == 0;
}

/* Asked to move nothing, these end before they come to the socket. */
static __always_inline bool ignores_nothing(enum socktap_call kind) {
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

struct message_of_call {
  struct socket* socket; /* NULL: the call makes no message */
  int direction;
  __u8 path;
  __s64 size; /* that it offers, or has room for */
};

static __always_inline struct message_of_call message_of_call(struct task_struct* task,
                                                              const struct call* call) {
  struct message_of_call message = {};
  const int kind = call->kind & (SOCKTAP_CALL_KINDS - 1);
  const __u8 sends = settings.path_of_call[SOCKTAP_SEND][kind];
  const __u8 receives = settings.path_of_call[SOCKTAP_RECEIVE][kind];
  if (has_position(call) || is_empty_batch(call)) return message;

  struct fdtable* table = descriptors_of(task);
  if (kind == SOCKTAP_CALL_SPLICE || kind == SOCKTAP_CALL_SENDFILE) {
    const bool splice = kind == SOCKTAP_CALL_SPLICE;
    struct file* in = file_at(table, (__u32)call->argument[splice ? 0 : 1]);
    struct file* out = file_at(table, (__u32)call->argument[splice ? 2 : 0]);
    message.socket = socket_of(out);
    if (message.socket) {
      /* splice takes from a pipe only; sendfile from what has positions. */
      if (splice != is_type(in, S_IFIFO) || is_type(in, S_IFSOCK)) message.socket = NULL;
    } else {
      message.direction = SOCKTAP_RECEIVE;
      if (is_type(out, S_IFIFO)) message.socket = socket_of(in);
    }
  } else {
    message.direction = sends ? SOCKTAP_SEND : SOCKTAP_RECEIVE;
    message.socket = socket_of(file_at(table, (__u32)call->argument[0]));
  }
  if (!message.socket) return message;
  message.path = message.direction == SOCKTAP_SEND ? sends : receives;
  message.size = offered_size(call);

  if (message.size == 0 && ignores_nothing(kind)) message.socket = NULL;
  return message;
}

static __always_inline __u32 flags_of_call(const struct call* call) {
  const __u8 argument = settings.flags_argument[call->kind & (SOCKTAP_CALL_KINDS - 1)];
  if (!argument) return 0;
  return (argument == 3 ? call->argument[2] : call->argument[3]) & ~KERNEL_ONLY_MESSAGE_FLAGS;
}

static __always_inline void message_begins(struct task_struct* task, __u32 tgid,
                                           const struct call* call) {
  const int kind = call->kind & (SOCKTAP_CALL_KINDS - 1);
  const bool sends = settings.path_of_call[SOCKTAP_SEND][kind];
  const bool receives = settings.path_of_call[SOCKTAP_RECEIVE][kind];
  if (!(sends && wants_any(SOCKTAP_SEND, SOCKTAP_BEGIN)) &&
      !(receives && wants_any(SOCKTAP_RECEIVE, SOCKTAP_BEGIN)))
    return;
  const struct message_of_call beginning = message_of_call(task, call);
  if (!beginning.socket) return;
  struct occurrence occurrence = {
      .size = beginning.size,
      .tgid = tgid,
      .msg_flags = needs(SOCKTAP_FIELD_MSG_FLAGS) ? flags_of_call(call) : 0,
      .operation = beginning.direction,
      .phase = SOCKTAP_BEGIN,
      .path = beginning.path,
  };
  set_socket(&occurrence, beginning.socket);
  tell(&occurrence);
}

static __always_inline bool makes_messages(const struct call* call) {
  const int kind = call->kind & (SOCKTAP_CALL_KINDS - 1);
  return settings.path_of_call[SOCKTAP_SEND][kind] || settings.path_of_call[SOCKTAP_RECEIVE][kind];
}

static __always_inline void remember_entry(struct task_struct* task) {
  __u32 tid = KNOWN(task, pid);
  const __u64 now = bpf_ktime_get_ns();
  bpf_map_update_elem(&entry_times, &tid, &now, BPF_ANY);
}
