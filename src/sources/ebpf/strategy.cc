#include "sources/ebpf/strategy.h"

namespace socktap::sources::ebpf {
namespace {

constexpr std::string_view typed_messages[] = {"send_typed", "receive_typed"};
constexpr std::string_view opcodes[] = {"uring_submit", "uring_file_get"};
constexpr std::string_view entries[] = {"calls_enter"};
constexpr std::string_view calls[] = {"calls_enter", "calls_exit"};
constexpr std::string_view calls_and_exit[] = {"calls_enter", "calls_exit", "close_at_exit"};
constexpr std::string_view scope[] = {"scope_fork", "scope_exit"};

constexpr Strategy table[] = {
    {"typed-tracepoints", Aspect::messages, typed_messages,
     "the tracepoints sock_send_length and sock_recv_length (Linux 6.3) and BTF", true},
    {"uring-tracepoints", Aspect::opcodes, opcodes,
     "the tracepoints io_uring_submit_req and io_uring_file_get as of Linux 6.0", false},
    {"call-entries", Aspect::begins, entries, "the tracepoint sys_enter", false},
    {"call-times", Aspect::latency, entries, "the tracepoint sys_enter", false},
    {"creating-calls", Aspect::creates, calls, "the tracepoints sys_enter and sys_exit", false},
    {"closing-calls", Aspect::closes, calls_and_exit,
     "the tracepoints sys_enter, sys_exit and sched_process_exit", false},
    {"process-tracepoints", Aspect::scope, scope,
     "the tracepoints sched_process_fork and sched_process_exit", false},
};

}  // namespace

std::string_view describe(Aspect aspect) {
  switch (aspect) {
    case Aspect::messages:
      return "messages concluded";
    case Aspect::opcodes:
      return "io_uring operations told apart";
    case Aspect::begins:
      return "messages begun";
    case Aspect::latency:
      return "latencies of messages";
    case Aspect::creates:
      return "sockets made";
    case Aspect::closes:
      return "sockets released";
    case Aspect::scope:
      return "processes begun and ended";
  }
  return "";
}

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
  if (scoped) aspects.push_back(Aspect::scope);
  return aspects;
}

bool is_optional(Aspect aspect) { return aspect == Aspect::opcodes || aspect == Aspect::latency; }

}  // namespace socktap::sources::ebpf
