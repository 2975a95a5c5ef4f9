/* Packets on their way to network devices and from them. They are nobody's: the task is the one
 * that happened to run, so that they pass whatever processes are traced. */
#include "socket.h"
#include "task.h"

static __always_inline int packet(struct sk_buff* packet, int operation) {
  if (stage == SOCKTAP_STAGE_OFF) return 0;
  if (!wants(operation, SOCKTAP_BEGIN, SOCKTAP_PATH_NONE)) return 0;
  const struct slot slot = reserve();
  struct socktap_record* record = slot.record;
  if (!record) return 0;
  struct task_struct* task = bpf_get_current_task_btf();
  fill_task(record, task, tgid_of(task), slot.cpu);
  fill_nothing(record);
  record->operation = operation;
  record->phase = SOCKTAP_BEGIN;
  record->size = packet->len; /* the calibration tells its own by it */
  record->truesize = needs(SOCKTAP_FIELD_TRUESIZE) ? packet->truesize : 0;
  record->protocol = needs(SOCKTAP_FIELD_PROTOCOL) ? packet->protocol : 0;
  record->flags = 0;
  record->family = 0;
  record->type = 0;
  record->state = 0;
  fill_dev_name(record, packet);
  publish(&slot);
  return 0;
}

SEC("tp_btf/net_dev_queue")
int BPF_PROG(packet_transmit, struct sk_buff* skb) { return packet(skb, SOCKTAP_NET_TRANSMIT); }

SEC("tp_btf/netif_receive_skb")
int BPF_PROG(packet_receive, struct sk_buff* skb) { return packet(skb, SOCKTAP_NET_RECEIVE); }
