// Who and where: what the event says of its task, what /proc adds, which probe point fired.
#include <unistd.h>

#include <algorithm>
#include <optional>

#include "base/proc.h"
#include "event/event.h"
#include "vm/library_functions.h"

namespace socktap::vm::library {
namespace {

const Event& event_of(const LibraryCall& call) { return *call.occasion.event; }

// No argument list or environment is longer than what the kernel lets exec take by default.
constexpr std::size_t max_proc_file = 2u << 20;

// Arguments `first` (at least 0) to `last` joined; without a last one, all from `first` on.
void join_arguments(LibraryCall& call, std::int64_t first, std::optional<std::int64_t> last,
                    std::string_view delimiter) {
  const std::string file = read_proc(event_of(call).tgid, "cmdline", max_proc_file);
  const auto arguments = zero_terminated(file);
  const std::int64_t end = static_cast<std::int64_t>(arguments.size()) - 1;
  for (std::int64_t i = first; i <= std::min(last.value_or(end), end); ++i) {
    const std::string_view argument = arguments[static_cast<std::size_t>(i)];
    if (i > first) call.text += delimiter;
    call.text += i > first && argument.empty() ? R"("")" : argument;
  }
}

}  // namespace

void ns_pgrp(LibraryCall& call) { pgrp(call); }
void ns_sid(LibraryCall& call) { sid(call); }

void pexecname(LibraryCall& call) { call.text = proc_command(event_of(call).ppid); }
void pid2execname(LibraryCall& call) { call.text = proc_command(call.arguments[0].number); }

void pgrp(LibraryCall& call) {
  call.number = std::max(0, ::getpgid(static_cast<pid_t>(event_of(call).tgid)));
}

void sid(LibraryCall& call) {
  call.number = std::max(0, ::getsid(static_cast<pid_t>(event_of(call).tgid)));
}

void cmdline_str(LibraryCall& call) { join_arguments(call, 0, std::nullopt, " "); }

void cmdline_arg(LibraryCall& call) {
  const std::int64_t index = call.arguments[0].number;
  if (index >= 0) join_arguments(call, index, index, "");
}

void cmdline_args(LibraryCall& call) {
  const std::int64_t first = std::max<std::int64_t>(call.arguments[0].number, 0);
  const std::int64_t last = call.arguments[1].number;
  join_arguments(call, first, last < first ? std::nullopt : std::optional(last),
                 call.arguments[2].text);
}

void env_var(LibraryCall& call) {
  const std::string_view name = call.arguments[0].text;
  if (name.empty()) return;
  const std::string file = read_proc(event_of(call).tgid, "environ", max_proc_file);
  for (const std::string_view entry : zero_terminated(file)) {
    if (entry.substr(0, entry.find('=')) != name) continue;
    call.text = entry.substr(std::min(name.size() + 1, entry.size()));
    return;
  }
}

void target(LibraryCall& call) { call.number = call.host.target(); }
void stp_pid(LibraryCall& call) { call.number = ::getpid(); }
void target_set_pid(LibraryCall& call) {
  call.number = call.host.is_target_or_descendant(call.arguments[0].number) ? 1 : 0;
}

void is_return(LibraryCall& call) {
  const tapset::ProbePoint* point = call.occasion.point;
  call.number = point != nullptr && point->phase == tapset::Phase::conclusion ? 1 : 0;
}

void pp(LibraryCall& call) { call.text = call.occasion.point_text; }
void pn(LibraryCall& call) { call.text = call.occasion.point_name; }
void ppfunc(LibraryCall& call) { call.text.clear(); }
// No address: it is SystemTap's text of none.
void probefunc(LibraryCall& call) { call.text = call.occasion.lifecycle ? "0x0" : ""; }
void module_name(LibraryCall& call) { call.text = "socktap"; }
void registers_valid(LibraryCall& call) { call.number = 0; }

void probe_type(LibraryCall& call) {
  if (call.occasion.point != nullptr) {
    call.text = "tapset";
  } else {
    const std::string_view point = call.occasion.point_text;
    call.text = call.occasion.lifecycle              ? "begin_end"
                : point.starts_with("timer.jiffies") ? "timer"
                : point.starts_with("timer.profile") ? "perf"
                                                     : "hrtimer";
  }
}

}  // namespace socktap::vm::library
