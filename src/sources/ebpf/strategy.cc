#include "sources/ebpf/strategy.h"

#include <algorithm>

namespace socktap::sources::ebpf {
namespace {

constexpr std::string_view typed_messages[] = {"send_typed", "receive_typed"};
constexpr std::string_view probed_messages[] = {"send_probed", "receive_probed"};
constexpr std::string_view traced_messages[] = {"receive_traced", "open_send", "open_receive"};
constexpr std::string_view traced_sends[] = {"send_traced", "send_traced_without_flags"};
constexpr std::string_view openers[] = {"open_send", "open_receive"};
constexpr std::string_view typed_twins[] = {"send_typed_twin", "send_typed_third",
                                            "receive_typed_twin", "receive_typed_third"};
constexpr std::string_view probed_twins[] = {"send_probed_twin", "send_probed_third",
                                             "receive_probed_twin", "receive_probed_third"};
constexpr std::string_view entry_twins[] = {"calls_enter_twin"};
constexpr std::string_view call_twins[] = {"calls_enter_twin", "calls_exit_twin"};
constexpr std::string_view closing_twins[] = {"calls_enter_twin", "calls_exit_twin",
                                              "close_at_exit_twin"};
constexpr std::string_view conclusion_twins[] = {"calls_conclude_twin"};
constexpr std::string_view system_entry_twins[] = {"system_call_enter_twin"};
constexpr std::string_view system_call_twins[] = {"system_call_enter_twin",
                                                  "system_call_exit_twin"};
constexpr std::string_view process_twins[] = {"process_fork_twin", "process_exec_twin",
                                              "process_exit_twin"};
constexpr std::string_view scope_twins[] = {"scope_fork_twin"};
constexpr std::string_view message_hooks[] = {
    "enter___sys_sendto",    "leave___sys_sendto",     "enter_____sys_sendmsg",
    "leave_____sys_sendmsg", "enter_sock_write_iter",  "leave_sock_write_iter",
    "enter_sock_sendmsg",    "leave_sock_sendmsg",     "enter_sock_recvmsg",
    "leave_sock_recvmsg",    "enter_sock_splice_read", "leave_sock_splice_read"};
constexpr std::string_view message_hooks_of_families[] = {"reach_security_socket_sendmsg",
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
constexpr std::string_view message_probes[] = {
    "probed_call_exit",        "unprobe___sys_sendto",  "probe___sys_sendto",
    "unprobe_____sys_sendmsg", "probe_____sys_sendmsg", "unprobe_sock_write_iter",
    "probe_sock_write_iter",   "unprobe_sock_sendmsg",  "probe_sock_sendmsg",
    "unprobe_sock_recvmsg",    "probe_sock_recvmsg",    "unprobe_sock_splice_read",
    "probe_sock_splice_read"};
constexpr std::string_view message_probes_of_families[] = {"probe_reach_security_socket_sendmsg",
                                                           "unprobe_sock_sendpage",
                                                           "probe_sock_sendpage",
                                                           "unprobe_inet_recvmsg",
                                                           "probe_inet_recvmsg",
                                                           "unprobe_inet6_recvmsg",
                                                           "probe_inet6_recvmsg",
                                                           "unprobe_sock_common_recvmsg",
                                                           "probe_sock_common_recvmsg",
                                                           "unprobe_unix_stream_recvmsg",
                                                           "probe_unix_stream_recvmsg",
                                                           "unprobe_unix_dgram_recvmsg",
                                                           "probe_unix_dgram_recvmsg",
                                                           "unprobe_unix_seqpacket_recvmsg",
                                                           "probe_unix_seqpacket_recvmsg",
                                                           "unprobe_netlink_recvmsg",
                                                           "probe_netlink_recvmsg",
                                                           "unprobe_packet_recvmsg",
                                                           "probe_packet_recvmsg"};
constexpr std::string_view spare_message_probes[] = {"probed_call_exit"};
constexpr std::string_view message_probe_twins[] = {"probed_call_exit_twin"};
constexpr std::string_view message_calls[] = {"calls_conclude"};
constexpr std::string_view opcodes[] = {"uring_submit", "uring_file_get"};
constexpr std::string_view opcodes_by_sqe[] = {"uring_submit_sqe", "uring_file_get"};
constexpr std::string_view opcodes_in_ring[] = {"uring_submit_in_ring"};
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

constexpr std::string_view begin_hooks[] = {"begin_send", "begin_receive"};
constexpr std::string_view begin_hooks_of_splices[] = {"end_sendpage", "begin_sendpage",
                                                       "begin_splice_read"};
constexpr std::string_view begin_probes[] = {"probe_begin_send", "probe_begin_receive"};
constexpr std::string_view begin_probes_of_splices[] = {
    "probe_end_sendpage", "probe_begin_sendpage", "probe_begin_splice_read"};
constexpr std::string_view create_hooks[] = {"enter___sock_create", "leave___sock_create"};
constexpr std::string_view create_probes[] = {"unprobe___sock_create", "probe___sock_create"};
constexpr std::string_view close_hooks[] = {"enter___sock_release", "leave___sock_release"};
constexpr std::string_view close_probes[] = {"unprobe___sock_release", "probe___sock_release"};

constexpr std::string_view no_splice_out[] = {"splice out of a stream socket is not seen"};
constexpr std::string_view only_by_calls[] = {
    "what io_uring, AIO and the kernel itself send and receive is not seen, nor why a sendmmsg or "
    "recvmmsg ended early; sendfile and splice make one event a call",
    "a call that ends with EFAULT is no message"};
constexpr std::string_view begins_by_calls[] = {
    "the beginnings of io_uring and AIO operations, and of the second and later messages of "
    "sendmmsg and recvmmsg, are not seen"};
constexpr std::string_view begins_by_hooks[] = {
    "the beginnings of io_uring operations, and of the second and later messages of sendmmsg and "
    "recvmmsg, are not seen"};
constexpr std::string_view no_kernel_sockets[] = {
    "sockets that the kernel makes or releases for itself are not seen"};
constexpr std::string_view closing_calls[] = {
    "sockets that the kernel makes or releases for itself are not seen",
    "a socket's release is seen at close, close_range, dup2, dup3, execve and exit; not when "
    "it is dropped in flight or by io_uring, nor when a call or another process held it "
    "longer"};

// Programs at the entries of functions are skipped on a CPU where a task was preempted inside them;
// those of kprobes cannot be preempted, and come first where they are few or cost little.
constexpr Strategy table[] = {
    {.name = "tracepoint-probes",
     .aspect = Aspect::messages,
     .backend = Backend::kprobe,
     .programs = traced_messages,
     .optional = traced_sends,
     .spare = openers,
     .needs = "kprobes, and the tracepoints sock_send_length and sock_recv_length (Linux 6.3)",
     .limits = no_splice_out,
     .only_preempted = true},
    {.name = "typed-tracepoints",
     .aspect = Aspect::messages,
     .backend = Backend::tracepoint,
     .programs = typed_messages,
     .twins = typed_twins,
     .needs = "the tracepoints sock_send_length and sock_recv_length (Linux 6.3) and BTF",
     .limits = no_splice_out,
     .asks_cookies = true},
    {.name = "raw-tracepoints",
     .aspect = Aspect::messages,
     .backend = Backend::tracepoint,
     .programs = probed_messages,
     .twins = probed_twins,
     .needs = "the tracepoints sock_send_length and sock_recv_length (Linux 6.3)",
     .limits = no_splice_out},
    {.name = "function-hooks",
     .aspect = Aspect::messages,
     .backend = Backend::fentry,
     .programs = message_hooks,
     .optional = message_hooks_of_families,
     .needs = "fentry and fexit programs",
     .distinguishes_families = true},
    {.name = "function-probes",
     .aspect = Aspect::messages,
     .backend = Backend::kprobe,
     .programs = message_probes,
     .optional = message_probes_of_families,
     .twins = message_probe_twins,
     .spare = spare_message_probes,
     .needs = "kprobes and kretprobes",
     .distinguishes_families = true},
    {.name = "message-calls",
     .aspect = Aspect::messages,
     .backend = Backend::syscall,
     .programs = message_calls,
     .twins = conclusion_twins,
     .needs = "the tracepoint sys_exit, bpf_loop (Linux 5.17) and BTF",
     .limits = only_by_calls,
     .distinguishes_families = true},
    {.name = "uring-tracepoints",
     .aspect = Aspect::opcodes,
     .backend = Backend::tracepoint,
     .programs = opcodes,
     .needs = "the tracepoints io_uring_submit_req and io_uring_file_get (Linux 6.4)"},
    {.name = "uring-sqe-tracepoints",
     .aspect = Aspect::opcodes,
     .backend = Backend::tracepoint,
     .programs = opcodes_by_sqe,
     .needs = "the tracepoints io_uring_submit_sqe and io_uring_file_get as of Linux 6.0"},
    {.name = "uring-ring-tracepoint",
     .aspect = Aspect::opcodes,
     .backend = Backend::tracepoint,
     .programs = opcodes_in_ring,
     .needs = "the tracepoint io_uring_submit_sqe as of Linux 5.14 to 5.19"},
    {.name = "begin-probes",
     .aspect = Aspect::begins,
     .backend = Backend::kprobe,
     .programs = begin_probes,
     .optional = begin_probes_of_splices,
     .needs = "kprobes",
     .limits = begins_by_hooks},
    {.name = "begin-hooks",
     .aspect = Aspect::begins,
     .backend = Backend::fentry,
     .programs = begin_hooks,
     .optional = begin_hooks_of_splices,
     .needs = "fentry programs",
     .limits = begins_by_hooks},
    {.name = "call-entries",
     .aspect = Aspect::begins,
     .backend = Backend::syscall,
     .programs = entries,
     .twins = entry_twins,
     .needs = "the tracepoint sys_enter and BTF",
     .limits = begins_by_calls,
     .only_usual = true},
    {.name = "call-times",
     .aspect = Aspect::latency,
     .backend = Backend::syscall,
     .programs = entries,
     .twins = entry_twins,
     .needs = "the tracepoint sys_enter and BTF"},
    {.name = "create-probes",
     .aspect = Aspect::creates,
     .backend = Backend::kprobe,
     .programs = create_probes,
     .needs = "kprobes and kretprobes"},
    {.name = "create-hooks",
     .aspect = Aspect::creates,
     .backend = Backend::fentry,
     .programs = create_hooks,
     .needs = "fentry and fexit programs"},
    {.name = "creating-calls",
     .aspect = Aspect::creates,
     .backend = Backend::syscall,
     .programs = calls,
     .twins = call_twins,
     .needs = "the tracepoints sys_enter and sys_exit, and BTF",
     .limits = no_kernel_sockets,
     .only_usual = true},
    {.name = "close-probes",
     .aspect = Aspect::closes,
     .backend = Backend::kprobe,
     .programs = close_probes,
     .needs = "kprobes and kretprobes"},
    {.name = "close-hooks",
     .aspect = Aspect::closes,
     .backend = Backend::fentry,
     .programs = close_hooks,
     .needs = "fentry and fexit programs"},
    {.name = "closing-calls",
     .aspect = Aspect::closes,
     .backend = Backend::syscall,
     .programs = calls_and_exit,
     .twins = closing_twins,
     .needs = "the tracepoints sys_enter, sys_exit, sched_process_exit and sched_switch, "
              "bpf_loop (Linux 5.17) and BTF",
     .limits = closing_calls},
    {.name = "device-queues",
     .aspect = Aspect::transmits,
     .backend = Backend::tracepoint,
     .programs = transmits,
     .needs = "the tracepoint net_dev_queue and BTF"},
    {.name = "device-arrivals",
     .aspect = Aspect::arrivals,
     .backend = Backend::tracepoint,
     .programs = arrivals,
     .needs = "the tracepoint netif_receive_skb and BTF"},
    {.name = "segment-arrivals",
     .aspect = Aspect::segments,
     .backend = Backend::tracepoint,
     .programs = segments,
     .needs = "the tracepoint netif_receive_skb and BTF"},
    {.name = "connecting-calls",
     .aspect = Aspect::disconnects,
     .backend = Backend::syscall,
     .programs = calls,
     .twins = call_twins,
     .needs = "the tracepoints sys_enter and sys_exit, and BTF"},
    {.name = "system-call-entries",
     .aspect = Aspect::call_entries,
     .backend = Backend::syscall,
     .programs = call_entries,
     .twins = system_entry_twins,
     .needs = "the tracepoint sys_enter and BTF"},
    {.name = "system-call-exits",
     .aspect = Aspect::call_exits,
     .backend = Backend::syscall,
     .programs = call_exits,
     .twins = system_call_twins,
     .needs = "the tracepoints sys_enter and sys_exit, and BTF"},
    {.name = "process-lives",
     .aspect = Aspect::processes,
     .backend = Backend::tracepoint,
     .programs = processes,
     .twins = process_twins,
     .needs = "the tracepoints sched_process_fork, sched_process_exec and sched_process_exit, and "
              "BTF"},
    {.name = "process-tracepoints",
     .aspect = Aspect::scope,
     .backend = Backend::tracepoint,
     .programs = scope,
     .twins = scope_twins,
     .needs = "the tracepoint sched_process_fork and BTF"},
};

}  // namespace

std::span<const Strategy> strategies() { return table; }

std::string_view describe(Backend backend) {
  switch (backend) {
    case Backend::tracepoint:
    case Backend::syscall:
      return "raw tracepoints";
    case Backend::fentry:
      return "function hooks";
    case Backend::kprobe:
      return "kprobes";
  }
  return "";
}

std::optional<Backend> find_backend(std::string_view name) {
  if (name == "tracepoint") return Backend::tracepoint;
  if (name == "fentry") return Backend::fentry;
  if (name == "kprobe") return Backend::kprobe;
  if (name == "syscall") return Backend::syscall;
  return std::nullopt;
}

bool suits(const Strategy& strategy, std::optional<Backend> wanted) {
  if (!wanted || strategy.backend == *wanted) return true;
  const auto has = [&strategy](Backend backend) {
    return std::ranges::any_of(table, [&](const Strategy& other) {
      return other.aspect == strategy.aspect && other.backend == backend;
    });
  };
  if (has(*wanted)) return false;
  return strategy.backend == Backend::tracepoint || strategy.backend == Backend::syscall;
}

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
