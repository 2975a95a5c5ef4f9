/* Sockets of TCP and UDP that leave their peer because connect(2) is asked for no address. */
#pragma once

#include "descriptor.h"
#include "occurrence.h"

static __always_inline bool wants_disconnect(void) {
  return wants_any(SOCKTAP_DISCONNECT, SOCKTAP_BEGIN) ||
         wants_any(SOCKTAP_DISCONNECT, SOCKTAP_CONCLUSION);
}

static __always_inline bool asks_for_no_address(const struct call* call) {
  __u16 family = 0;
  if ((int)call->argument[2] < (int)sizeof(family)) return false;
  if (bpf_probe_read_user(&family, sizeof(family), (void*)call->argument[1])) return false;
  return family == AF_UNSPEC;
}

static __always_inline void disconnection(struct task_struct* task, __u32 tgid,
                                          const struct call* call, int phase, int result) {
  if (!wants_any(SOCKTAP_DISCONNECT, phase) || !asks_for_no_address(call)) return;
  struct file* file = file_at(descriptors_of(task), (__u32)call->argument[0]);
  struct socket* socket = socket_of(file);
  if (!socket) return;
  struct occurrence occurrence = {
      .tgid = tgid, .operation = SOCKTAP_DISCONNECT, .phase = phase, .err = result};
  if (needs(SOCKTAP_FIELD_MSG_FLAGS)) occurrence.msg_flags = FETCH(file, f_flags);
  occurrence.success = phase == SOCKTAP_CONCLUSION && result >= 0;
  set_socket(&occurrence, socket);
  tell(&occurrence);
}
