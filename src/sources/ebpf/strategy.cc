#include "sources/ebpf/strategy.h"

namespace socktap::sources::ebpf {
namespace {

constexpr std::string_view typed_messages[] = {"send_typed", "receive_typed"};
constexpr std::string_view probed_messages[] = {"send_probed", "receive_probed"};
constexpr std::string_view hooks[] = {
    "enter___sys_sendto",    "leave___sys_sendto",     "enter_____sys_sendmsg",
    "leave_____sys_sendmsg", "enter_sock_write_iter",  "leave_sock_write_iter",
    "enter_sock_sendmsg",    "leave_sock_sendmsg",     "enter_sock_recvmsg",
    "leave_sock_recvmsg",    "enter_sock_splice_read", "leave_sock_splice_read"};
constexpr std::string_view hooks_of_families[] = {"reach_security_socket_sendmsg",
                                                  "enter_sock_sendpage",
                                                  "leave_sock_sendpage",
                                                  "enter_inet_recvmsg",
                                                  "leave_inet_recvmsg",
                                                  "enter_inet6_recvmsg",
                                                  "leave_inet6_recvmsg",
                                                  "enter_sock_common_recvmsg",
                                                  "leave_sock_common_recvmsg",
                                                  "enter_unix_stream_recvmsg",
                                                  "leave_unix_stream_recvmsg",
                                                  "enter_unix_dgram_recvmsg",
                                                  "leave_unix_dgram_recvmsg",
                                                  "enter_unix_seqpacket_recvmsg",
                                                  "leave_unix_seqpacket_recvmsg",
                                                  "enter_netlink_recvmsg",
                                                  "leave_netlink_recvmsg",
                                                  "enter_packet_recvmsg",
                                                  "leave_packet_recvmsg"};
constexpr std::string_view opcodes[] = {"uring_submit", "uring_file_get"};
constexpr std::string_view opcodes_by_sqe[] = {"uring_submit_sqe", "uring_file_get"};
constexpr std::string_view entries[] = {"calls_enter"};
constexpr std::string_view calls[] = {"calls_enter", "calls_exit"};
constexpr std::string_view calls_and_exit[] = {"calls_enter", "calls_exit", "close_at_exit",
                                               "close_after_exit"};
constexpr std::string_view transmits[] = {"packet_transmit"};
constexpr std::string_view arrivals[] = {"packet_receive"};
constexpr std::string_view segments[] = {"segment_receive"};
constexpr std::string_view call_entries[] = {"system_call_enter"};
constexpr std::string_view call_exits[] = {"system_call_enter", "system_call_exit"};
constexpr std::string_view processes[] = {"process_fork", "process_exec", "process_exit"};
constexpr std::string_view scope[] = {"scope_fork"};

constexpr Strategy table[] = {
    {.name = "typed-tracepoints",
     .aspect = Aspect::messages,
     .programs = typed_messages,
     .needs = "the tracepoints sock_send_length and sock_recv_length (Linux 6.3) and BTF",
     .family = "raw tracepoints",
     .asks_cookies = true},
    {.name = "raw-tracepoints",
     .aspect = Aspect::messages,
     .programs = probed_messages,
     .needs = "the tracepoints sock_send_length and sock_recv_length (Linux 6.3)",
     .family = "raw tracepoints"},
    {.name = "function-hooks",
     .aspect = Aspect::messages,
     .programs = hooks,
     .optional = hooks_of_families,
     .needs = "fentry and fexit programs",
     .family = "function hooks",
     .distinguishes_families = true,
     .sees_splice_out = true},
    {.name = "uring-tracepoints",
     .aspect = Aspect::opcodes,
     .programs = opcodes,
     .needs = "the tracepoints io_uring_submit_req and io_uring_file_get (Linux 6.4)",
     .family = "raw tracepoints"},
    {.name = "uring-sqe-tracepoints",
     .aspect = Aspect::opcodes,
     .programs = opcodes_by_sqe,
     .needs = "the tracepoints io_uring_submit_sqe and io_uring_file_get as of Linux 6.0",
     .family = "raw tracepoints"},
    {.name = "call-entries",
     .aspect = Aspect::begins,
     .programs = entries,
     .needs = "the tracepoint sys_enter and BTF",
     .family = "raw tracepoints"},
    {.name = "call-times",
     .aspect = Aspect::latency,
     .programs = entries,
     .needs = "the tracepoint sys_enter and BTF",
     .family = "raw tracepoints"},
    {.name = "creating-calls",
     .aspect = Aspect::creates,
     .programs = calls,
     .needs = "the tracepoints sys_enter and sys_exit, and BTF",
     .family = "raw tracepoints"},
    {.name = "closing-calls",
     .aspect = Aspect::closes,
     .programs = calls_and_exit,
     .needs = "the tracepoints sys_enter, sys_exit, sched_process_exit and sched_switch, "
              "bpf_loop (Linux 5.17) and BTF",
     .family = "raw tracepoints"},
    {.name = "device-queues",
     .aspect = Aspect::transmits,
     .programs = transmits,
     .needs = "the tracepoint net_dev_queue and BTF",
     .family = "raw tracepoints"},
    {.name = "device-arrivals",
     .aspect = Aspect::arrivals,
     .programs = arrivals,
     .needs = "the tracepoint netif_receive_skb and BTF",
     .family = "raw tracepoints"},
    {.name = "segment-arrivals",
     .aspect = Aspect::segments,
     .programs = segments,
     .needs = "the tracepoint netif_receive_skb and BTF",
     .family = "raw tracepoints"},
    {.name = "connecting-calls",
     .aspect = Aspect::disconnects,
     .programs = calls,
     .needs = "the tracepoints sys_enter and sys_exit, and BTF",
     .family = "raw tracepoints"},
    {.name = "system-call-entries",
     .aspect = Aspect::call_entries,
     .programs = call_entries,
     .needs = "the tracepoint sys_enter and BTF",
     .family = "raw tracepoints"},
    {.name = "system-call-exits",
     .aspect = Aspect::call_exits,
     .programs = call_exits,
     .needs = "the tracepoints sys_enter and sys_exit, and BTF",
     .family = "raw tracepoints"},
    {.name = "process-lives",
     .aspect = Aspect::processes,
     .programs = processes,
     .needs = "the tracepoints sched_process_fork, sched_process_exec and sched_process_exit, and "
              "BTF",
     .family = "raw tracepoints"},
    {.name = "process-tracepoints",
     .aspect = Aspect::scope,
     .programs = scope,
     .needs = "the tracepoint sched_process_fork and BTF",
     .family = "raw tracepoints"},
};

}  // namespace

std::span<const Strategy> strategies() { return table; }

std::vector<Aspect> aspects_of(const Interest& interest, bool scoped) {
  std::vector<Aspect> aspects;
  if (interest.wants_messages(tapset::Phase::conclusion)) {
    aspects.push_back(Aspect::messages);
    if (interest.tell_paths) aspects.push_back(Aspect::opcodes);
  }
  if (interest.wants_messages(tapset::Phase::begin)) aspects.push_back(Aspect::begins);
  if (interest.measures_latency()) aspects.push_back(Aspect::latency);
  if (interest.wants(tapset::Operation::create)) aspects.push_back(Aspect::creates);
  if (interest.wants(tapset::Operation::close)) aspects.push_back(Aspect::closes);
  if (interest.wants(tapset::Operation::net_transmit)) aspects.push_back(Aspect::transmits);
  if (interest.wants(tapset::Operation::net_receive)) aspects.push_back(Aspect::arrivals);
  if (interest.wants(tapset::Operation::segment)) aspects.push_back(Aspect::segments);
  if (interest.wants(tapset::Operation::disconnect)) aspects.push_back(Aspect::disconnects);
  if (interest.wants(tapset::Operation::call, tapset::Phase::begin))
    aspects.push_back(Aspect::call_entries);
  if (interest.wants(tapset::Operation::call, tapset::Phase::conclusion))
    aspects.push_back(Aspect::call_exits);
  if (interest.wants(tapset::Operation::process)) aspects.push_back(Aspect::processes);
  if (scoped) aspects.push_back(Aspect::scope);
  return aspects;
}

bool sees_sockets(Aspect aspect) {
  return aspect == Aspect::messages || aspect == Aspect::begins || aspect == Aspect::creates ||
         aspect == Aspect::closes || aspect == Aspect::disconnects;
}

bool makes_events(Aspect aspect) {
  return sees_sockets(aspect) || aspect == Aspect::transmits || aspect == Aspect::arrivals ||
         aspect == Aspect::segments || aspect == Aspect::call_entries ||
         aspect == Aspect::call_exits || aspect == Aspect::processes;
}

}  // namespace socktap::sources::ebpf
