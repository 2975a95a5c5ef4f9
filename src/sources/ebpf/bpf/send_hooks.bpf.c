/* The functions that conclude sends. */
#include "hooked.h"

#define ESPIPE 29

SEC("fentry/security_socket_sendmsg")
int reach_security_socket_sendmsg(__u64* ctx) {
  set_mark(MARK_REACHED);
  return 0;
}

/* Data that cannot be read may fail it before or behind the socket layer. */
ENTER(__sys_sendto)
LEAVE(__sys_sendto, int descriptor, void* data, __u64 length, __u32 flags, void* address,
      int address_length, int result) {
  const __u8* mark = current_mark();
  if (result == -EFAULT && !(mark && *mark == MARK_REACHED)) return 0;
  struct file* file = file_at(descriptors_of(bpf_get_current_task_btf()), descriptor);
  return message_left(socket_of(file), result, flags, SOCKTAP_SEND);
}

ENTER(____sys_sendmsg)
LEAVE(____sys_sendmsg, struct socket* socket, void* message, __u32 flags, void* used_address,
      __u32 allowed_flags, int result) {
  return message_left(socket, result, flags, SOCKTAP_SEND);
}

ENTER(sock_write_iter)
LEAVE(sock_write_iter, struct kiocb* request, void* data, long result) {
  struct file* file = FETCH(request, ki_filp);
  if (result == -ESPIPE) return 0; /* a position was given: no message */
  return message_left(FETCH(file, private_data), result, 0, SOCKTAP_SEND);
}

ENTER(sock_sendmsg)
LEAVE(sock_sendmsg, struct socket* socket, void* message, int result) {
  return message_left(socket, result, 0, SOCKTAP_SEND);
}

ENTER(sock_sendpage) /* until 6.5: sendfile and splice into a socket */
LEAVE(sock_sendpage, struct file* file, void* page, int offset, __u64 size, void* position,
      int more, long result) {
  return message_left(FETCH(file, private_data), result, 0, SOCKTAP_SEND);
}
