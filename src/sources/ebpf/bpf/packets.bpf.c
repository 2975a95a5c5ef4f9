/* Packets on their way to network devices and from them. They are nobody's: the task is the one
 * that happened to run, so that they pass whatever processes are traced. */
#include "bare_record.h"

static __always_inline int packet(struct sk_buff* packet, int operation) {
  if (stage == SOCKTAP_STAGE_OFF) return 0;
  if (!wants(operation, SOCKTAP_BEGIN, SOCKTAP_PATH_NONE)) return 0;
  struct task_struct* task = bpf_get_current_task_btf();
  const struct slot slot = bare_record(task, tgid_of(task), operation, SOCKTAP_BEGIN);
  struct socktap_record* record = slot.record;
  if (!record) return 0;
  record->size = packet->len; /* the calibration tells its own by it */
  record->truesize = needs(SOCKTAP_FIELD_TRUESIZE) ? packet->truesize : 0;
  record->protocol = needs(SOCKTAP_FIELD_PROTOCOL) ? packet->protocol : 0;
  fill_dev_name(record, packet);
  publish(&slot);
  return 0;
}

SEC("tp_btf/net_dev_queue")
int BPF_PROG(packet_transmit, struct sk_buff* skb) { return packet(skb, SOCKTAP_NET_TRANSMIT); }

SEC("tp_btf/netif_receive_skb")
int BPF_PROG(packet_receive, struct sk_buff* skb) { return packet(skb, SOCKTAP_NET_RECEIVE); }
