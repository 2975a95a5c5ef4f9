/* Messages, when they conclude. Included by message_typed.bpf.c and message_probed.bpf.c, which
 * differ in how kernel memory is read.
 */
#pragma once

#include "call.h"
#include "latency.h"
#include "ring.h"
#include "script_part.h"
#include "socket.h"
#include "tail.h"
#include "task.h"
#include "twin.h"
#include "uring.h"

struct origin {
  __u8 path; /* none: no message */
  enum socktap_call kind;
  bool in_call; /* made by the call itself, on the caller's thread */
  bool multiplexed;
};

/* Of a message that the current task's call makes itself; no path: it does not. `after_call`: the
 * caller knows that it does, and the result is there already. */
static __always_inline struct origin origin_of_call(struct task_struct* task, int direction,
                                                    bool after_call) {
  struct origin origin = {};
  const struct call call = current_call(task);
  const __u8 path = path_of_call(call.kind, direction);
  if (!path || (call.over && !after_call)) return origin;
  origin.path = path;
  origin.kind = call.kind;
  origin.in_call = true;
  origin.multiplexed = call.multiplexed;
  return origin;
}

static __always_inline struct origin origin_of(struct task_struct* task, struct sock* sk,
                                               struct socket* socket, int result, int direction,
                                               bool after_call) {
  struct origin origin = {.path = untold_path(direction)};
  const __u32 flags = KNOWN(task, flags);
  /* Sockets that the kernel made for itself have no file; nor do their users come by a call. */
  if (flags & PF_KTHREAD || !socket || !READ(socket, file)) return origin;
  if (!(flags & PF_IO_WORKER)) {
    const struct origin of_call = origin_of_call(task, direction, after_call);
    if (of_call.path) return of_call;
  }
  origin.path = path_of_uring(task, sk, result, direction);
  return origin;
}

/* The flags that the caller gave, which are in its registers; the send tracepoint tells none. */
static __always_inline __u32 flags_of_caller(struct task_struct* task,
                                             const struct origin* origin) {
  const __u8 argument = settings.flags_argument[origin->kind & (SOCKTAP_CALL_KINDS - 1)];
  if (!argument) return 0;
  struct call call = {.compat = is_compat(task)};
  read_arguments(&call, registers_of(task));
  if (origin->multiplexed) read_socketcall(&call);
  return (argument == 3 ? call.argument[2] : call.argument[3]) & ~KERNEL_ONLY_MESSAGE_FLAGS;
}

/* 1 + the descriptor by which the caller named the socket; 0: by none. */
static __always_inline __u32 named_by_caller(struct task_struct* task, const struct origin* origin,
                                             int direction) {
  if (!origin->in_call || !socktap_names_socket(origin->kind)) return 0;
  struct call call = {.compat = is_compat(task)};
  read_arguments(&call, registers_of(task));
  if (origin->multiplexed) read_socketcall(&call);
  return 1 + socktap_descriptor_in(origin->kind, direction == SOCKTAP_SEND, call.argument);
}

static __always_inline void fill_message_tail(struct socktap_tail* tail, struct task_struct* task,
                                              struct sock* sk, const struct origin* origin,
                                              int direction) {
  const __u32 netns = needs(SOCKTAP_FIELD_NETNS) ? netns_of_sock(sk) : 0;
  const __u32 named = needs(SOCKTAP_FIELD_FD) ? named_by_caller(task, origin, direction) : 0;
  fill_first_tail(tail, sk, netns, named);
}

static __always_inline int conclude_message(void* typed_sk, struct sock* sk, int result, int flags,
                                            int direction, bool after_call) {
  if (!wants_any(direction, SOCKTAP_CONCLUSION)) return 0;
  struct task_struct* task = current_task();
  const __u32 tgid = tgid_of(task);
  if (!in_scope(tgid)) return 0;

  struct socket* socket = READ(sk, sk_socket);
  struct origin origin = {.path = untold_path(direction)};
  if (settings.tell_paths || result == -EAGAIN) {
    origin = origin_of(task, sk, socket, result, direction, after_call);
    if (!origin.path || !wants(direction, SOCKTAP_CONCLUSION, origin.path)) return 0;
  }

  struct record_aside aside;
  struct slot slot = {.record = &aside.record, .cpu = bpf_get_smp_processor_id()};
  if (settings.filters_messages)
    clear_unfilled(&aside.record);
  else
    slot = reserve();
  struct socktap_record* record = slot.record;
  if (!record) return 0;
  if (!settings.filters_messages || needs(SOCKTAP_FIELD_LATENCY)) record->time = bpf_ktime_get_ns();
  fill_task(record, task, tgid, slot.cpu);
  fill_nothing(record);
  fill_socket(record, socket, sk);
  record->operation = direction;
  record->phase = SOCKTAP_CONCLUSION;
  record->path = origin.path;
  record->success = result >= 0;
  record->size = result;
  if (needs(SOCKTAP_FIELD_SOCK)) {
    if (settings.number_socks == SOCKTAP_NUMBER_COOKIE)
      record->sock = bpf_get_socket_cookie(typed_sk);
    else if (socket)
      record->sock = socket_inode(socket);
  }
  if (needs(SOCKTAP_FIELD_MSG_FLAGS)) {
    record->msg_flags = flags;
    if (direction == SOCKTAP_SEND && origin.in_call)
      record->msg_flags = flags_of_caller(task, &origin);
  }
  if (needs(SOCKTAP_FIELD_LATENCY) && origin.in_call) record->latency = latency_of(task, record);
  if (settings.filters_messages) {
    if (settings.filters_tail) fill_message_tail(tail_aside(&aside), task, sk, &origin, direction);
    if (!is_wanted_by_script(&aside.record)) return 0;
    slot = send_record(&aside);
    if (!slot.record) return 0;
  }
  if (settings.has_tail && !settings.filters_tail)
    fill_message_tail(tail_of(slot.record), task, sk, &origin, direction);
  if (needs(SOCKTAP_FIELD_UNIX_PATH)) fill_path(&tail_of(slot.record)->local, sk);
  publish(&slot);
  return 0;
}

static __always_inline int conclude(void* typed_sk, struct sock* sk, int result, int flags,
                                    int direction) {
  return conclude_message(typed_sk, sk, result, flags, direction, false);
}

/* The programs of a tracepoint that concludes messages: see twin.h. */
#define MESSAGES(name, section, direction, twin)                                 \
  SEC(section)                                                                   \
  int BPF_PROG(name, struct sock* sk, int result, int flags) {                   \
    first_does(twin);                                                            \
    return conclude(sk, sk, result, flags, direction);                           \
  }                                                                              \
  SEC(section)                                                                   \
  int BPF_PROG(name##_twin, struct sock* sk, int result, int flags) {            \
    return second_has_to(twin) ? conclude(sk, sk, result, flags, direction) : 0; \
  }                                                                              \
  SEC(section)                                                                   \
  int BPF_PROG(name##_third, struct sock* sk, int result, int flags) {           \
    return third_has_to(twin) ? conclude(sk, sk, result, flags, direction) : 0;  \
  }
