#include "sources/ptrace/tracer.h"

#include <linux/kcmp.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <string>

#include "base/proc.h"

namespace socktap::sources::ptrace {
namespace {

constexpr int call_stop = SIGTRAP | 0x80;

std::vector<pid_t> threads_of(pid_t process) {
  namespace fs = std::filesystem;
  std::vector<pid_t> threads;
  std::error_code refusal;
  const fs::path folder = "/proc/" + std::to_string(process) + "/task";
  for (fs::directory_iterator entry(folder, refusal), end; !refusal && entry != end;
       entry.increment(refusal)) {
    const std::string name = entry->path().filename();
    pid_t thread = 0;
    std::from_chars(name.data(), name.data() + name.size(), thread);
    threads.push_back(thread);
  }
  return threads;
}

bool share_descriptors(pid_t one, pid_t other) {
  return ::syscall(SYS_kcmp, one, other, KCMP_FILES, 0, 0) == 0;
}

bool stops_the_group(int signal) {
  return signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
}

}  // namespace

void Tracer::add(pid_t thread, std::shared_ptr<Process> process, bool filtered) {
  Tracee& tracee = tracees_[thread];
  tracee.number = thread;
  tracee.is_filtered = filtered;
  belongs_to(tracee, std::move(process));
}

void Tracer::belongs_to(Tracee& tracee, std::shared_ptr<Process> process) {
  ++living_[process->number()];
  tracee.process = std::move(process);
}

Result<void> Tracer::follow_command(pid_t held, bool filtered) {
  if (auto seized = seize(held, filtered); !seized) return seized;
  auto process = std::make_shared<Process>(held);
  process->table = std::make_shared<DescriptorTable>(sockets_);
  add(held, std::move(process), filtered);
  if (!filtered) interrupt(held);
  return {};
}

Result<void> Tracer::follow(pid_t number) {
  auto process = std::make_shared<Process>(number);
  process->table = std::make_shared<DescriptorTable>(sockets_);
  std::vector<pid_t> found;
  // Threads may make others meanwhile: until there is none that is new.
  for (std::size_t before = 1; before != found.size();) {
    before = found.size();
    if (auto followed = follow_threads(process, found); !followed) return followed;
    if (found.empty()) return failure("there is no process " + std::to_string(number));
  }
  events_.explore(*process);
  for (const pid_t thread : found) interrupt(thread);
  return {};
}

Result<void> Tracer::follow_threads(const std::shared_ptr<Process>& process,
                                    std::vector<pid_t>& found) {
  for (const pid_t thread : threads_of(process->number())) {
    if (std::ranges::find(found, thread) != found.end()) continue;
    if (auto seized = seize(thread, /*filtered=*/false); !seized) {
      if (seized.error().code == ESRCH || tracees_.contains(thread)) continue;
      return seized;
    }
    found.push_back(thread);
    add(thread, process, /*filtered=*/false);
  }
  return {};
}

void Tracer::run() {
  while (!tracees_.empty()) {
    if (stopped_ && !letting_go_) let_go_of_unfiltered();
    int status = 0;
    const pid_t thread = ::waitpid(-1, &status, __WALL);
    if (thread > 0)
      take(thread, status);
    else if (errno != EINTR)
      return;
  }
}

void Tracer::take(pid_t thread, int status) {
  if (!WIFSTOPPED(status)) return forget(thread);
  const auto known = tracees_.find(thread);
  if (known != tracees_.end()) return stopped_at(known->second, status);
  tracees_[thread].number = thread;  // its parent has not told of it yet
  tracees_[thread].waits = true;
}

void Tracer::stopped_at(Tracee& tracee, int status) {
  const int signal = WSTOPSIG(status);
  const int event = status >> 16;
  if (letting_go_ && !tracee.is_filtered && event != PTRACE_EVENT_EXIT) {
    const bool is_signal = event == 0 && signal != call_stop;
    detach(tracee.number, is_signal ? signal : 0);
    return forget(tracee.number);
  }
  if (event != 0) return at_event(tracee, event, signal);
  if (signal == call_stop) return at_call(tracee);
  go_on(tracee, signal);
}

void Tracer::at_event(Tracee& tracee, int event, int signal) {
  switch (event) {
    case PTRACE_EVENT_SECCOMP:
      return at_call(tracee);
    case PTRACE_EVENT_FORK:
    case PTRACE_EVENT_VFORK:
    case PTRACE_EVENT_CLONE:
      made(tracee, event);
      return go_on(tracee);
    case PTRACE_EVENT_EXEC:
      return replaced_program(tracee);
    case PTRACE_EVENT_EXIT:
      ends(tracee);
      return go_on(tracee);
    case PTRACE_EVENT_STOP:
      if (!stops_the_group(signal)) return go_on(tracee);
      leave_stopped(tracee.number);
      return;
    default:
      return go_on(tracee);
  }
}

void Tracer::at_call(Tracee& tracee) {
  const bool is_told = !letting_go_ && tracee.process;
  const std::optional<TracedCall> call = is_told ? call_of(tracee.number) : std::nullopt;
  if (!call) {
    tracee.call.reset();
    tracee.in_call = false;
  } else if (call->ended) {
    tracee.in_call = false;
    events_.ends(tracee, call->result);
  } else {
    tracee.in_call = events_.begins(tracee, *call);
    if (!tracee.in_call) tracee.call.reset();
  }
  go_on(tracee);
}

// A filtered one stops at calls anyway; only the end of one must be asked for.
void Tracer::go_on(Tracee& tracee, int signal) {
  const bool to_call = !letting_go_ && (tracee.in_call || !tracee.is_filtered);
  resume(tracee.number, to_call ? Resume::to_next_call : Resume::run, signal);
}

// A thread, or a process, which has its parent's descriptors or a copy of them.
void Tracer::made(Tracee& parent, int event) {
  const auto message = message_of_event(parent.number);
  if (!message) return;
  const auto number = static_cast<pid_t>(*message);
  Tracee& child = tracees_[number];
  child.number = number;
  child.is_filtered = parent.is_filtered;
  if (!letting_go_ && parent.process) {
    const auto status = proc_status(number);
    const bool is_thread = event == PTRACE_EVENT_CLONE && status &&
                           status->process == std::int64_t{parent.process->number()};
    if (is_thread)
      belongs_to(child, parent.process);
    else
      began(child, parent);
  }
  if (std::exchange(child.waits, false)) go_on(child);
}

void Tracer::began(Tracee& child, const Tracee& parent) {
  const auto process = std::make_shared<Process>(child.number);
  if (share_descriptors(parent.number, child.number)) {
    process->table = parent.process->table;
  } else {
    events_.explore(*parent.process);
    process->table = parent.process->table->copy();
  }
  belongs_to(child, process);
  events_.began_process(child, parent.process->number());
}

// Those whose maker was killed before it told of them.
void Tracer::adopt_orphans(bool filtered) {
  for (auto& [number, child] : tracees_) {
    if (!child.waits) continue;
    const auto status = proc_status(number);
    if (!status || living_.contains(static_cast<pid_t>(status->parent)) ||
        living_.contains(static_cast<pid_t>(status->process)))
      continue;
    child.is_filtered = filtered;
    const auto process = std::make_shared<Process>(number);
    process->table = std::make_shared<DescriptorTable>(sockets_);
    belongs_to(child, process);
    events_.explore(*process);
    events_.began_process(child, static_cast<pid_t>(status->parent));
    child.waits = false;
    go_on(child);
  }
}

// The thread that called execve is the process's only one now, and has its number.
void Tracer::replaced_program(Tracee& tracee) {
  const pid_t number = tracee.number;
  const auto former = static_cast<pid_t>(message_of_event(number).value_or(0));
  if (const auto caller = tracees_.find(former);
      caller != tracees_.end() && caller->first != number) {
    tracee = std::exchange(caller->second, {});  // the first thread's own may have ended
    tracee.number = number;
  }
  std::erase_if(tracees_, [number](const auto& entry) {
    const Tracee& other = entry.second;
    return entry.first != number &&
           (other.number == 0 || (other.process && other.process->number() == number));
  });
  if (letting_go_ || !tracee.process) return go_on(tracee);
  living_[number] = 1;
  Process& process = *tracee.process;
  process.handle = ProcessHandle(number);
  if (process.table.use_count() > 1) process.table = process.table->copy();
  events_.replaced_program(tracee);
  if (tracee.form == 0) tracee.clear_call();
  tracee.in_call = tracee.form != 0;
  go_on(tracee);
}

// Who is the last of a process, or to have descriptors, is the last that refers to them here.
void Tracer::ends(Tracee& tracee) {
  if (!tracee.process) return;
  const std::shared_ptr<Process>& process = tracee.process;
  const bool is_last = --living_[process->number()] == 0;
  if (is_last) living_.erase(process->number());
  if (!letting_go_) {
    if (is_last) events_.ends_process(tracee);
    if (process.use_count() > 1)
      ask_another(tracee);
    else if (process->table.use_count() == 1)
      events_.leaves_descriptors(tracee);
  }
  tracee.process.reset();
}

// Descriptors are asked for through a thread that lives: first the process's first one.
void Tracer::ask_another(const Tracee& leaving) {
  Process& process = *leaving.process;
  if (process.handle.thread() != leaving.number) return;
  const auto other = std::ranges::find_if(tracees_, [&leaving](const auto& entry) {
    return entry.second.process == leaving.process && entry.first != leaving.number;
  });
  if (other != tracees_.end())
    process.handle = ProcessHandle::of_thread(process.number(), other->first);
}

// However it came to its end.
void Tracer::forget(pid_t thread) {
  const auto known = tracees_.find(thread);
  if (known == tracees_.end()) return;
  ends(known->second);
  const bool filtered = known->second.is_filtered;
  tracees_.erase(known);
  if (!letting_go_) adopt_orphans(filtered);
}

void Tracer::let_go_of_unfiltered() {
  letting_go_ = true;
  events_.say_farewell();
  for (const auto& [number, tracee] : tracees_)
    if (!tracee.is_filtered) interrupt(number);
}

}  // namespace socktap::sources::ptrace
