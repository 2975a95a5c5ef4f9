/* TCP segments for this host, as they come from a network device. Like packets they are nobody's,
 * and pass whatever processes are traced. */
#include <bpf/bpf_endian.h>

#include "bare_record.h"

#define ETH_P_IP 0x0800
#define ETH_P_IPV6 0x86DD
#define PACKET_HOST 0
#define PROTOCOL_TCP 6
#define FRAGMENT_OFFSET 0x1fff

struct ipv4_header {
  __u8 version_and_length; /* in words of four bytes */
  __u8 tos;
  __be16 total_length;
  __be16 id;
  __be16 fragment;
  __u8 ttl;
  __u8 protocol;
  __u16 checksum;
  __be32 source;
  __be32 destination;
};
struct ipv6_header {
  __be32 version_and_flow;
  __be16 payload_length;
  __u8 next_header;
  __u8 hop_limit;
  __u64 source[2];
  __u64 destination[2];
};
struct tcp_header {
  __be16 source;
  __be16 destination;
  __be32 sequence;
  __be32 acknowledged;
  __u8 offset; /* of the data: words of four bytes, in the upper half */
  __u8 flags;
};

/* Where the network header is told as far as it lies at the packet's start. */
struct segment {
  struct tcp_header header;
  __u32 header_length; /* of IP; 0: this is no TCP segment */
  __u16 family;
  __s64 total_length; /* with IP's header; 0: it does not say */
  __u64 source[2];
  __u64 destination[2];
};

static __always_inline void read_ipv4(struct segment* segment, const unsigned char* data) {
  struct ipv4_header ip;
  if (bpf_probe_read_kernel(&ip, sizeof(ip), data)) return;
  if (ip.protocol != PROTOCOL_TCP || bpf_ntohs(ip.fragment) & FRAGMENT_OFFSET) return;
  segment->family = AF_INET;
  segment->header_length = (ip.version_and_length & 0xf) * 4;
  segment->total_length = bpf_ntohs(ip.total_length);
  segment->source[0] = ip.source;
  segment->destination[0] = ip.destination;
}

static __always_inline void read_ipv6(struct segment* segment, const unsigned char* data) {
  struct ipv6_header ip;
  if (bpf_probe_read_kernel(&ip, sizeof(ip), data) || ip.next_header != PROTOCOL_TCP) return;
  segment->family = AF_INET6;
  segment->header_length = sizeof(ip);
  if (ip.payload_length) segment->total_length = sizeof(ip) + bpf_ntohs(ip.payload_length);
  segment->source[0] = ip.source[0];
  segment->source[1] = ip.source[1];
  segment->destination[0] = ip.destination[0];
  segment->destination[1] = ip.destination[1];
}

static __always_inline void fill_segment(struct socktap_tail* tail, const struct segment* segment) {
  __u64* local = (__u64*)tail->local_address;
  __u64* remote = (__u64*)tail->remote_address;
  local[0] = segment->source[0];
  local[1] = segment->source[1];
  remote[0] = segment->destination[0];
  remote[1] = segment->destination[1];
  tail->address_family = segment->family;
  tail->local_port = bpf_ntohs(segment->header.source);
  tail->remote_port = bpf_ntohs(segment->header.destination);
  tail->tcp_flags = segment->header.flags;
}

/* A short frame is padded, which its length still has; a joined one may be longer than IP can say.
 */
static __always_inline __s64 data_length(const struct segment* segment, __u32 frame) {
  const __s64 whole = segment->total_length ? segment->total_length : frame;
  const __s64 length = whole - segment->header_length - (segment->header.offset >> 4) * 4;
  return length > 0 ? length : 0;
}

TRACEPOINT(netif_receive_skb)
int BPF_PROG(segment_receive, struct sk_buff* packet) {
  if (stage == SOCKTAP_STAGE_OFF) return 0;
  if (BPF_CORE_READ_BITFIELD_PROBED(packet, pkt_type) != PACKET_HOST) return 0;
  const __u16 protocol = KNOWN(packet, protocol);
  const unsigned char* data = KNOWN(packet, data);
  const __u32 length = KNOWN(packet, len);
  const __u32 at_hand = length - KNOWN(packet, data_len);

  struct segment segment = {};
  const bool is_ipv4 = protocol == bpf_htons(ETH_P_IP);
  if (!is_ipv4 && protocol != bpf_htons(ETH_P_IPV6)) return 0;
  if (at_hand < (is_ipv4 ? sizeof(struct ipv4_header) : sizeof(struct ipv6_header))) {
    count_missed(); /* a device may keep headers in pages */
    return 0;
  }
  if (is_ipv4)
    read_ipv4(&segment, data);
  else
    read_ipv6(&segment, data);
  if (!segment.header_length) return 0;
  if (segment.header_length + sizeof(struct tcp_header) > at_hand ||
      bpf_probe_read_kernel(&segment.header, sizeof(struct tcp_header),
                            data + segment.header_length)) {
    count_missed();
    return 0;
  }

  struct task_struct* task = current_task();
  const struct slot slot = bare_record(task, tgid_of(task), SOCKTAP_SEGMENT, SOCKTAP_BEGIN);
  struct socktap_record* record = slot.record;
  if (!record) return 0;
  record->size = data_length(&segment, length);
  record->protocol = protocol;
  record->family = segment.family;
  fill_dev_name(record, packet);
  if (settings.has_addresses) fill_segment(tail_of(record), &segment);
  publish(&slot);
  return 0;
}
