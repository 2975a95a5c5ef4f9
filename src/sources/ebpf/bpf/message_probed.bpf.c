/* Messages through raw tracepoints without types: every hop is a probe. */
#define SOCKTAP_PROBED
#include "message.h"

SEC("raw_tp/sock_send_length")
int BPF_PROG(send_probed, struct sock* sk, int result, int flags) {
  first_does(SOCKTAP_TWIN_send);
  return conclude(sk, sk, result, flags, SOCKTAP_SEND);
}

SEC("raw_tp/sock_recv_length")
int BPF_PROG(receive_probed, struct sock* sk, int result, int flags) {
  first_does(SOCKTAP_TWIN_receive);
  return conclude(sk, sk, result, flags, SOCKTAP_RECEIVE);
}

SEC("raw_tp/sock_send_length")
int BPF_PROG(send_probed_twin, struct sock* sk, int result, int flags) {
  return second_has_to(SOCKTAP_TWIN_send) ? conclude(sk, sk, result, flags, SOCKTAP_SEND) : 0;
}

SEC("raw_tp/sock_recv_length")
int BPF_PROG(receive_probed_twin, struct sock* sk, int result, int flags) {
  return second_has_to(SOCKTAP_TWIN_receive) ? conclude(sk, sk, result, flags, SOCKTAP_RECEIVE) : 0;
}

SEC("raw_tp/sock_send_length")
int BPF_PROG(send_probed_third, struct sock* sk, int result, int flags) {
  return third_has_to(SOCKTAP_TWIN_send) ? conclude(sk, sk, result, flags, SOCKTAP_SEND) : 0;
}

SEC("raw_tp/sock_recv_length")
int BPF_PROG(receive_probed_third, struct sock* sk, int result, int flags) {
  return third_has_to(SOCKTAP_TWIN_receive) ? conclude(sk, sk, result, flags, SOCKTAP_RECEIVE) : 0;
}
