/* Messages through raw tracepoints without types: every hop is a probe. */
#define SOCKTAP_PROBED
#include "message.h"

MESSAGES(send_probed, "socktap/raw_tp/sock_send_length", SOCKTAP_SEND, SOCKTAP_TWIN_send)
MESSAGES(receive_probed, "socktap/raw_tp/sock_recv_length", SOCKTAP_RECEIVE, SOCKTAP_TWIN_receive)
