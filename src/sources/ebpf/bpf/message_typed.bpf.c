/* Messages through typed tracepoints: plain loads, and the socket's cookie for the asking. */
#include "message.h"

SEC("tp_btf/sock_send_length")
int BPF_PROG(send_typed, struct sock* sk, int result, int flags) {
  first_does(SOCKTAP_TWIN_send);
  return conclude(sk, sk, result, flags, SOCKTAP_SEND);
}

SEC("tp_btf/sock_recv_length")
int BPF_PROG(receive_typed, struct sock* sk, int result, int flags) {
  first_does(SOCKTAP_TWIN_receive);
  return conclude(sk, sk, result, flags, SOCKTAP_RECEIVE);
}

SEC("tp_btf/sock_send_length")
int BPF_PROG(send_typed_twin, struct sock* sk, int result, int flags) {
  return second_has_to(SOCKTAP_TWIN_send) ? conclude(sk, sk, result, flags, SOCKTAP_SEND) : 0;
}

SEC("tp_btf/sock_recv_length")
int BPF_PROG(receive_typed_twin, struct sock* sk, int result, int flags) {
  return second_has_to(SOCKTAP_TWIN_receive) ? conclude(sk, sk, result, flags, SOCKTAP_RECEIVE) : 0;
}

SEC("tp_btf/sock_send_length")
int BPF_PROG(send_typed_third, struct sock* sk, int result, int flags) {
  return third_has_to(SOCKTAP_TWIN_send) ? conclude(sk, sk, result, flags, SOCKTAP_SEND) : 0;
}

SEC("tp_btf/sock_recv_length")
int BPF_PROG(receive_typed_third, struct sock* sk, int result, int flags) {
  return third_has_to(SOCKTAP_TWIN_receive) ? conclude(sk, sk, result, flags, SOCKTAP_RECEIVE) : 0;
}
