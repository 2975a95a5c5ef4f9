/* Messages, when they begin: by the system calls that make them. */
#pragma once

#include "descriptor.h"
#include "latency.h"
#include "occurrence.h"
#include "offered.h"

struct message_of_call {
  struct socket* socket; /* NULL: the call makes no message */
  int direction;
  __u8 path;
  __u32 descriptor;
  __s64 size; /* that it offers, or has room for */
};

static __always_inline struct message_of_call message_of_call(struct task_struct* task,
                                                              const struct call* call) {
  struct message_of_call message = {};
  const int kind = call->kind & (SOCKTAP_CALL_KINDS - 1);
  const __u8 sends = settings.path_of_call[SOCKTAP_SEND][kind];
  const __u8 receives = settings.path_of_call[SOCKTAP_RECEIVE][kind];
  if (socktap_has_position(call->kind, call->compat, call->argument) ||
      socktap_is_empty_batch(call->kind, call->argument))
    return message;

  struct fdtable* table = descriptors_of(task);
  if (kind == SOCKTAP_CALL_SPLICE || kind == SOCKTAP_CALL_SENDFILE) {
    const bool splice = kind == SOCKTAP_CALL_SPLICE;
    struct file* in = file_at(table, socktap_descriptor_in(kind, false, call->argument));
    struct file* out = file_at(table, socktap_descriptor_in(kind, true, call->argument));
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
  message.descriptor =
      socktap_descriptor_in(kind, message.direction == SOCKTAP_SEND, call->argument);
  message.size = offered_size(call);

  if (message.size == 0 && socktap_ignores_nothing(kind)) message.socket = NULL;
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
  occurrence.socket.named = 1 + beginning.descriptor;
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
