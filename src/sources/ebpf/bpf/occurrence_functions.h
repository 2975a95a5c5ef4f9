/* What occurrence.h declares; for the includer to say how: OCCURRENCE_FUNCTION. */
#pragma once

#include "latency.h"
#include "occurrence.h"
#include "script_part.h"
#include "socket.h"
#include "tail.h"
#include "task.h"

OCCURRENCE_FUNCTION int look_at(__u64 address, struct socket_view* view) {
  struct socket* socket = (struct socket*)address;
  if (!view) return 0;
  struct sock* sk = FETCH(socket, sk);
  view->sock = needs(SOCKTAP_FIELD_SOCK) ? socket_inode(socket) : 0;
  view->flags = needs(SOCKTAP_FIELD_FLAGS) ? socket_flags(socket, sk) : 0;
  view->protocol = 0;
  if (needs(SOCKTAP_FIELD_PROTOCOL)) view->protocol = sk ? FETCH(sk, sk_protocol) : -1;
  view->family = 0;
  if (needs(SOCKTAP_FIELD_FAMILY)) {
    const struct proto_ops* ops = FETCH(socket, ops);
    view->family = ops ? FETCH(ops, family) : -1;
  }
  view->type = needs(SOCKTAP_FIELD_TYPE) ? FETCH(socket, type) : 0;
  view->state = needs(SOCKTAP_FIELD_STATE) ? socket_state_of(socket, sk) : 0;
  view->netns = 0;
  if (needs(SOCKTAP_FIELD_NETNS))
    view->netns = sk ? netns_of_sock(sk) : netns_of_task(current_task());
  return 0;
}

static __always_inline void fill_occurrence(struct socktap_record* record,
                                            const struct occurrence* occurrence, __u32 cpu) {
  record->time = bpf_ktime_get_ns();
  fill_task(record, current_task(), occurrence->tgid, cpu);
  if (occurrence->tid && needs(SOCKTAP_FIELD_TASK)) record->tid = occurrence->tid;
  if (occurrence->ppid && needs(SOCKTAP_FIELD_PARENT)) record->ppid = occurrence->ppid;
  record->operation = occurrence->operation;
  record->phase = occurrence->phase;
  record->path = occurrence->path;
  record->size = occurrence->size;
  record->msg_flags = occurrence->msg_flags;
  record->err = occurrence->err;
  record->success = occurrence->success;
  record->requester = occurrence->requester;
  record->kept = 0;
  record->latency = 0;
  const bool is_message =
      occurrence->operation == SOCKTAP_SEND || occurrence->operation == SOCKTAP_RECEIVE;
  if (needs(SOCKTAP_FIELD_LATENCY) && is_message && occurrence->phase == SOCKTAP_CONCLUSION)
    record->latency = latency_of(current_task(), record);
  record->sock = occurrence->socket.sock;
  record->flags = occurrence->socket.flags;
  record->protocol = occurrence->socket.protocol;
  record->family = occurrence->socket.family;
  record->type = occurrence->socket.type;
  record->state = occurrence->socket.state;
}

_Static_assert(KEPT_ADDRESSES == __builtin_offsetof(struct socktap_tail, cgroup),
               "addresses are what is in front of it");

static __always_inline void fill_occurrence_tail(struct socktap_tail* tail,
                                                 const struct occurrence* occurrence) {
  fill_first_tail(tail, (struct sock*)occurrence->sk, occurrence->socket.netns,
                  occurrence->socket.named);
  if (!settings.has_addresses || !by_calls(SOCKTAP_BY_CALLS_CLOSES) || !occurrence->kept.owner)
    return;
  const struct kept_tail* kept = bpf_map_lookup_elem(&closing_tails, &occurrence->kept);
  if (kept) __builtin_memcpy(tail, kept->addresses, KEPT_ADDRESSES);
}

static __always_inline void fill_occurrence_path(struct socktap_path_tail* tail,
                                                 const struct occurrence* occurrence) {
  fill_path(tail, (struct sock*)occurrence->sk);
  if (!by_calls(SOCKTAP_BY_CALLS_CLOSES) || !occurrence->kept.owner) return;
  const struct kept_tail* kept = bpf_map_lookup_elem(&closing_tails, &occurrence->kept);
  if (kept) *tail = kept->path;
}

OCCURRENCE_FUNCTION int tell_if_wanted(const struct occurrence* occurrence) {
  const __u32 first = 0;
  struct record_aside* aside = bpf_map_lookup_elem(&records_aside, &first);
  if (!occurrence) return 0;
  if (!aside) {
    count_missed();
    return 0;
  }
  if (!wants(occurrence->operation, occurrence->phase, occurrence->path & 7)) return 0;
  clear_unfilled(&aside->record);
  fill_occurrence(&aside->record, occurrence, bpf_get_smp_processor_id());
  if (settings.filters_tail) fill_occurrence_tail(tail_aside(aside), occurrence);
  if (!is_wanted_by_script(&aside->record)) return 0;
  const struct slot slot = send_record(aside);
  struct socktap_record* record = slot.record;
  if (!record) return 0;
  if (settings.has_tail && !settings.filters_tail)
    fill_occurrence_tail(tail_of(record), occurrence);
  if (needs(SOCKTAP_FIELD_UNIX_PATH)) fill_occurrence_path(&tail_of(record)->local, occurrence);
  publish(&slot);
  return 0;
}

OCCURRENCE_FUNCTION int tell_all(const struct occurrence* occurrence) {
  if (!occurrence) return 0;
  if (!wants(occurrence->operation, occurrence->phase, occurrence->path & 7)) return 0;
  const struct slot slot = reserve();
  struct socktap_record* record = slot.record;
  if (!record) return 0;
  fill_occurrence(record, occurrence, slot.cpu);
  if (settings.has_tail) fill_occurrence_tail(tail_of(record), occurrence);
  if (needs(SOCKTAP_FIELD_UNIX_PATH)) fill_occurrence_path(&tail_of(record)->local, occurrence);
  publish(&slot);
  return 0;
}
