/* The functions that conclude sends. */
#include "message_hooks.h"

#define ESPIPE 29

static __always_inline int reaches_socket_layer(void) {
  set_mark(MARK_REACHED);
  return 0;
}
SEC("socktap/fentry/security_socket_sendmsg")
int reach_security_socket_sendmsg(__u64* ctx) { return reaches_socket_layer(); }
SEC("socktap/kprobe/security_socket_sendmsg")
int probe_reach_security_socket_sendmsg(struct pt_regs* ctx) { return reaches_socket_layer(); }

static __always_inline struct passing_message sent_to(const __u64* arguments) {
  struct file* file = file_at(descriptors_of(current_task()), (__u32)arguments[0]);
  const struct passing_message message = {socket_of(file), (__u32)arguments[3]};
  return message;
}
/* Data that cannot be read may fail it before or behind the socket layer. */
static __always_inline bool is_sent(int result) {
  if (result != -EFAULT) return true;
  const struct thread_message* known = message_of_thread();
  return known && known->mark == MARK_REACHED;
}
HOOK_MESSAGES(__sys_sendto, 6, SOCKTAP_SEND, sent_to, is_sent)

static __always_inline struct passing_message by_header(const __u64* arguments) {
  const struct passing_message message = {(struct socket*)arguments[0], (__u32)arguments[2]};
  return message;
}
HOOK_MESSAGES(____sys_sendmsg, 5, SOCKTAP_SEND, by_header, any_result)

static __always_inline struct passing_message by_request(const __u64* arguments) {
  struct file* file = FETCH((struct kiocb*)arguments[0], ki_filp);
  const struct passing_message message = {FETCH(file, private_data), 0};
  return message;
}
/* A position was given: no message. */
static __always_inline bool is_written(int result) { return result != -ESPIPE; }
HOOK_MESSAGES(sock_write_iter, 2, SOCKTAP_SEND, by_request, is_written)

static __always_inline struct passing_message by_socket(const __u64* arguments) {
  const struct passing_message message = {(struct socket*)arguments[0], 0};
  return message;
}
HOOK_MESSAGES(sock_sendmsg, 2, SOCKTAP_SEND, by_socket, any_result)

/* Until 6.5: sendfile and splice into a socket. */
static __always_inline struct passing_message by_file(const __u64* arguments) {
  const struct passing_message message = {FETCH((struct file*)arguments[0], private_data), 0};
  return message;
}
HOOK_MESSAGES(sock_sendpage, 6, SOCKTAP_SEND, by_file, any_result)
