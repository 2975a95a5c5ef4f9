/* Messages through typed tracepoints: plain loads, and the socket's cookie for the asking. */
#include "message.h"

MESSAGES(send_typed, "socktap/tp_btf/sock_send_length", SOCKTAP_SEND, SOCKTAP_TWIN_send)
MESSAGES(receive_typed, "socktap/tp_btf/sock_recv_length", SOCKTAP_RECEIVE, SOCKTAP_TWIN_receive)
