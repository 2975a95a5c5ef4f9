/* Messages when they begin, where the socket layer asks the security modules about each: by system
 * calls, asynchronous ones and the kernel itself. The later messages of a batch to one address are
 * not asked about. Of io_uring most tries are no messages, so none is told here. */
#include "hooked.h"
/* hooked.h first */
#include "message.h"
#include "occurrence.h"

static __always_inline int message_begun(struct socket* socket, __u64 size, __u32 flags,
                                         int direction) {
  if (!wants_any(direction, SOCKTAP_BEGIN)) return 0;
  struct task_struct* task = current_task();
  const __u32 tgid = tgid_of(task);
  if (!in_scope_quietly(tgid)) return 0;
  struct origin origin = {.path = untold_path(direction)};
  if (!(KNOWN(task, flags) & PF_KTHREAD) && FETCH(socket, file)) {
    origin = origin_of_call(task, direction, false);
    if (!origin.path) return 0;
  }
  struct occurrence occurrence = {.size = size,
                                  .tgid = tgid,
                                  .operation = direction,
                                  .phase = SOCKTAP_BEGIN,
                                  .path = origin.path};
  if (needs(SOCKTAP_FIELD_MSG_FLAGS))
    occurrence.msg_flags = origin.in_call ? flags_of_caller(task, &origin) : flags;
  set_socket(&occurrence, socket);
  if (needs(SOCKTAP_FIELD_FD)) occurrence.socket.named = named_by_caller(task, &origin, direction);
  tell(&occurrence);
  return 0; /* nothing else may be returned */
}

#define HOOK_BEGINS(name, function, count, body) \
  SEC("socktap/fentry/" #function)               \
  int name(__u64* ctx) {                         \
    FENTRY_ARGUMENTS(arguments, count);          \
    return body(arguments);                      \
  }                                              \
  SEC("socktap/kprobe/" #function)               \
  int probe_##name(struct pt_regs* ctx) {        \
    KPROBE_ARGUMENTS(arguments);                 \
    return body(arguments);                      \
  }

/* The threads that are in sock_sendpage, which has told the beginning: most families then send as
 * others do, and are asked about. */
struct sending_pages {
  __uint(type, BPF_MAP_TYPE_LRU_HASH);
  __uint(max_entries, 4096);
  __type(key, __u32);
  __type(value, __u8);
};
struct sending_pages sending_pages SEC(".maps");

static __always_inline int send_begun(const __u64* arguments) {
  const __u32 tid = current_thread();
  if (bpf_map_lookup_elem(&sending_pages, &tid)) {
    const enum socktap_call kind = current_call(current_task()).kind;
    if (kind == SOCKTAP_CALL_SENDFILE || kind == SOCKTAP_CALL_SPLICE) return 0;
    bpf_map_delete_elem(&sending_pages, &tid); /* the function's return was not seen */
  }
  return message_begun((struct socket*)arguments[0], (int)arguments[2], 0, SOCKTAP_SEND);
}
HOOK_BEGINS(begin_send, security_socket_sendmsg, 3, send_begun)

static __always_inline int receive_begun(const __u64* arguments) {
  return message_begun((struct socket*)arguments[0], (int)arguments[2], (__u32)arguments[3],
                       SOCKTAP_RECEIVE);
}
HOOK_BEGINS(begin_receive, security_socket_recvmsg, 4, receive_begun)

/* Until 6.5: sendfile and splice into a socket. */
static __always_inline int page_begun(const __u64* arguments) {
  const __u32 tid = current_thread();
  const __u8 sending = 1;
  bpf_map_update_elem(&sending_pages, &tid, &sending, BPF_ANY);
  return message_begun(FETCH((struct file*)arguments[0], private_data), arguments[3], 0,
                       SOCKTAP_SEND);
}
HOOK_BEGINS(begin_sendpage, sock_sendpage, 4, page_begun)

static __always_inline int page_sent(void) {
  const __u32 tid = current_thread();
  bpf_map_delete_elem(&sending_pages, &tid);
  return 0;
}
SEC("socktap/fexit/sock_sendpage")
int end_sendpage(__u64* ctx) { return page_sent(); }
SEC("socktap/kretprobe/sock_sendpage")
int probe_end_sendpage(struct pt_regs* ctx) { return page_sent(); }

/* Of families that have no way of their own, the receive that follows is asked about. */
static __always_inline int splice_begun(const __u64* arguments) {
  struct socket* socket = FETCH((struct file*)arguments[0], private_data);
  if (!socket || !FETCH(socket, ops, splice_read)) return 0;
  return message_begun(socket, arguments[3], 0, SOCKTAP_RECEIVE);
}
HOOK_BEGINS(begin_splice_read, sock_splice_read, 4, splice_begun)
