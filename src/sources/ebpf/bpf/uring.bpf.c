/* Remembers the io_uring request that a thread tries next. By types everywhere: a
 * kernel that gives a tracepoint no request first refuses the program that expects one. */
#include "uring.h"

#define REQUEST_LINKED (1 << 2 | 1 << 3) /* REQ_F_LINK, REQ_F_HARDLINK */

/* Members of a chain are all submitted before its head is tried. */
static __always_inline int submitted(__u8 opcode, __u64 flags) {
  __u32 tid = current_thread();
  const __u8 linked = (flags & REQUEST_LINKED) != 0;
  struct submission* known = bpf_map_lookup_elem(&uring_submissions, &tid);
  if (known && known->in_link) {
    known->in_link = linked;
    return 0;
  }
  const struct submission fresh = {.opcode = opcode, .pending = 1, .in_link = linked};
  bpf_map_update_elem(&uring_submissions, &tid, &fresh, BPF_ANY);
  return 0;
}

SEC("socktap/tp_btf/io_uring_submit_req")
int BPF_PROG(uring_submit, struct io_kiocb* request) {
  return submitted(request->opcode, request->flags);
}

SEC("socktap/tp_btf/io_uring_submit_sqe") /* its name until 6.3 */
int BPF_PROG(uring_submit_sqe, struct io_kiocb* request) {
  return submitted(request->opcode, request->flags);
}

SEC("socktap/tp_btf/io_uring_submit_sqe") /* what it was given from 5.14 to 5.19 */
int BPF_PROG(uring_submit_in_ring, void* ring, void* address) {
  struct io_kiocb* request = address;
  return submitted(FETCH(request, opcode), (__u32)FETCH(request, flags));
}

/* A request whose descriptor is not a registered one looks its file up when it is first tried. */
SEC("socktap/tp_btf/io_uring_file_get")
int BPF_PROG(uring_file_get, struct io_kiocb* request) {
  __u32 tid = current_thread();
  struct submission* known = bpf_map_lookup_elem(&uring_submissions, &tid);
  if (known) {
    known->opcode = request->opcode;
    known->pending = 1;
    return 0;
  }
  const struct submission fresh = {.opcode = request->opcode, .pending = 1};
  bpf_map_update_elem(&uring_submissions, &tid, &fresh, BPF_ANY);
  return 0;
}
