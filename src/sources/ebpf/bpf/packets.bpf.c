/* Packets on their way to network devices and from them. They are nobody's: the task is the one
 * that happened to run, so that they pass whatever processes are traced. */
#include "bare_record.h"

static __always_inline int packet(struct sk_buff* packet, int operation) {
  if (stage == SOCKTAP_STAGE_OFF) return 0;
  if (!wants(operation, SOCKTAP_BEGIN, SOCKTAP_PATH_NONE)) return 0;
  struct task_struct* task = current_task();
  const struct slot slot = bare_record(task, tgid_of(task), operation, SOCKTAP_BEGIN);
  struct socktap_record* record = slot.record;
  if (!record) return 0;
  record->size = KNOWN(packet, len); /* the calibration tells its own by it */
  record->truesize = needs(SOCKTAP_FIELD_TRUESIZE) ? KNOWN(packet, truesize) : 0;
  record->protocol = needs(SOCKTAP_FIELD_PROTOCOL) ? KNOWN(packet, protocol) : 0;
  fill_dev_name(record, packet);
  publish(&slot);
  return 0;
}

TRACEPOINT(net_dev_queue)
int BPF_PROG(packet_transmit, struct sk_buff* skb) { return packet(skb, SOCKTAP_NET_TRANSMIT); }

TRACEPOINT(netif_receive_skb)
int BPF_PROG(packet_receive, struct sk_buff* skb) { return packet(skb, SOCKTAP_NET_RECEIVE); }
