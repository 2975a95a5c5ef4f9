/* Messages through raw tracepoints without types: every hop is a probe. */
#define SOCKTAP_PROBED
#include "message.h"

SEC("raw_tp/sock_send_length")
int BPF_PROG(send_probed, struct sock* sk, int result, int flags) {
  leave_mark(SOCKTAP_TWIN_send);
  return conclude(sk, sk, result, flags, SOCKTAP_SEND);
}

SEC("raw_tp/sock_recv_length")
int BPF_PROG(receive_probed, struct sock* sk, int result, int flags) {
  leave_mark(SOCKTAP_TWIN_receive);
  return conclude(sk, sk, result, flags, SOCKTAP_RECEIVE);
}

SEC("raw_tp/sock_send_length")
int BPF_PROG(send_probed_twin, struct sock* sk, int result, int flags) {
  return take_mark(SOCKTAP_TWIN_send) ? 0 : conclude(sk, sk, result, flags, SOCKTAP_SEND);
}

SEC("raw_tp/sock_recv_length")
int BPF_PROG(receive_probed_twin, struct sock* sk, int result, int flags) {
  return take_mark(SOCKTAP_TWIN_receive) ? 0 : conclude(sk, sk, result, flags, SOCKTAP_RECEIVE);
}
