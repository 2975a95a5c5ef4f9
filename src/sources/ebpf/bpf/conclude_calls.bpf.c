/* Messages, when they conclude, by the ends of the system calls that make them: where the kernel
 * lets nothing else be hooked. What is not done by a call on its own thread is not seen (io_uring,
 * AIO, the kernel itself), nor why a batch ended early.
 */
#define SOCKTAP_PROBED /* sockets are found through descriptors, which have no type */
#include "begin.h"
#include "twin.h"

struct message_header { /* of sendmmsg and recvmmsg */
  __u64 header[7];
  __u32 length;
};
struct compat_message_header {
  __u32 header[7];
  __u32 length;
};

struct batch {
  struct occurrence message;
  __u64 headers; /* where they are */
  bool compat;
};

static long conclude_one(__u32 index, void* data) {
  struct batch* batch = data;
  const __u64 size =
      batch->compat ? sizeof(struct compat_message_header) : sizeof(struct message_header);
  const __u64 offset = batch->compat ? __builtin_offsetof(struct compat_message_header, length)
                                     : __builtin_offsetof(struct message_header, length);
  __u32 length = 0;
  if (bpf_probe_read_user(&length, sizeof(length),
                          (void*)(batch->headers + index * size + offset))) {
    count_missed();
    return 1;
  }
  batch->message.size = length;
  tell(&batch->message);
  return 0;
}

static __always_inline bool is_batch(enum socktap_call kind) {
  return kind == SOCKTAP_CALL_SENDMMSG || kind == SOCKTAP_CALL_RECVMMSG;
}

static __always_inline int message_ends(struct task_struct* task, __u32 tgid,
                                        const struct call* call, int result) {
  /* Nobody can tell whether the socket was reached. */
  if (call->kind == SOCKTAP_CALL_IO_SUBMIT || result == -EFAULT) return 0;
  const struct message_of_call made = message_of_call(task, call);
  if (!made.socket || !wants(made.direction, SOCKTAP_CONCLUSION, made.path)) return 0;
  struct batch batch = {.headers = call->argument[1], .compat = call->compat};
  struct occurrence* message = &batch.message;
  message->size = result;
  message->tgid = tgid;
  message->msg_flags = needs(SOCKTAP_FIELD_MSG_FLAGS) ? flags_of_call(call) : 0;
  message->operation = made.direction;
  message->phase = SOCKTAP_CONCLUSION;
  message->path = made.path;
  message->success = result >= 0;
  set_socket(message, made.socket);
  message->socket.named = 1 + made.descriptor;
  if (is_batch(call->kind) && result > 0)
    bpf_loop(result, conclude_one, &batch, 0);
  else
    tell(message);
  return 0;
}

static __always_inline int calls_conclude_body(struct pt_regs* regs, long result) {
  struct task_struct* task = current_task();
  struct call call = {.compat = is_compat(task)};
  call.kind = kind_of(call_number_in(regs), call.compat);
  if (call.kind == SOCKTAP_CALL_OTHER || call.kind > SOCKTAP_CALL_SOCKETCALL) return 0;
  const __u32 tgid = tgid_of(task);
  if (!in_scope_quietly(tgid)) return 0;
  read_arguments(&call, regs);
  if (call.kind == SOCKTAP_CALL_SOCKETCALL) read_socketcall(&call);
  return makes_messages(&call) ? message_ends(task, tgid, &call, result) : 0;
}
TWINS(calls_conclude, sys_exit, (struct pt_regs * regs, long result), (regs, result))
