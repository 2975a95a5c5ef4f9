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

#include "base/clock.h"
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

// `unless_told`: the answer where nobody may ask.
bool share_descriptors(pid_t one, pid_t other, bool unless_told) {
  const long order = ::syscall(SYS_kcmp, one, other, KCMP_FILES, 0, 0);
  return order < 0 ? unless_told : order == 0;
}

// That it cannot be traced is no matter: it is already, as what a traced thread has made, or over.
bool is_followed_or_over(pid_t thread) {
  const auto status = proc_status(thread);
  return !status || status->has_ended || status->tracer == std::int64_t{::getpid()};
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

std::shared_ptr<DescriptorTable> Tracer::new_table() const {
  return std::make_shared<DescriptorTable>(sockets_);
}

Result<void> Tracer::follow_command(pid_t held, bool filtered) {
  if (auto seized = seize(held, filtered); !seized) return seized;
  any_filtered_ = any_filtered_ || filtered;
  const auto process = std::make_shared<Process>(ProcessHandle(held), new_table());
  add(held, process, filtered);
  events_.inherited(*process);
  if (!filtered) interrupt(held);
  return {};
}

Result<void> Tracer::follow(pid_t number) {
  const auto process = std::make_shared<Process>(ProcessHandle(number), new_table());
  std::vector<pid_t> found;
  // Threads may make others meanwhile: until there is none that is new.
  for (std::size_t before = 1; before != found.size();) {
    before = found.size();
    if (auto followed = follow_threads(process, found); !followed) return followed;
    if (found.empty()) return failure("there is no process " + std::to_string(number), "", ESRCH);
  }
  if (std::ranges::find(found, number) == found.end())  // the first thread has ended
    process->handle = ProcessHandle::of_thread(number, found.front());
  events_.explore(*process);
  for (const pid_t thread : found) interrupt(thread);
  return {};
}

Result<void> Tracer::follow_threads(const std::shared_ptr<Process>& process,
                                    std::vector<pid_t>& found) {
  for (const pid_t thread : threads_of(process->number())) {
    if (std::ranges::find(found, thread) != found.end()) continue;
    if (auto seized = seize(thread, /*filtered=*/false); !seized) {
      if (seized.error().code == ESRCH || is_followed_or_over(thread)) continue;
      return seized;
    }
    found.push_back(thread);
    add(thread, process, /*filtered=*/false);
  }
  return {};
}

void Tracer::run() {
  constexpr std::uint64_t second = 1'000'000'000, soon = second / 100;
  constexpr unsigned stops_between_looks = 64;
  for (unsigned taken = 0;;) {
    int status = 0;
    const pid_t thread = ::waitpid(-1, &status, __WALL | WNOHANG);
    if (thread < 0 && errno != EINTR) return;  // nobody is left
    if (thread > 0) {
      take(thread, status);
      cpu_.answered(thread);
      if (++taken % stops_between_looks != 0) continue;
      end_.look();
    } else {
      end_.wait_for_children(waiting_ > 0 ? soon : second);
    }
    if (waiting_ > 0) adopt_those_who_waited();
    if (waving_through_ || !end_.has_come()) continue;
    events_.say_farewell();
    if (!any_filtered_) return;
    waving_through_ = true;
  }
}

void Tracer::take(pid_t thread, int status) {
  if (!WIFSTOPPED(status)) return forget(thread);
  const bool is_known = tracees_.contains(thread);
  Tracee& tracee = tracees_[thread];
  tracee.number = thread;
  const bool took_over = status >> 16 == PTRACE_EVENT_EXEC;  // the number of a first thread
  if (is_known || took_over) return stopped_at(tracee, status);
  tracee.waits_since = read_clock(CLOCK_MONOTONIC);
  ++waiting_;
}

void Tracer::stopped_at(Tracee& tracee, int status) {
  const int signal = WSTOPSIG(status);
  const int event = status >> 16;
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
      made(tracee);
      return go_on(tracee);
    case PTRACE_EVENT_EXEC:
      return replaced_program(tracee);
    case PTRACE_EVENT_EXIT:
      if (tracee.in_call) concludes_killed(tracee);
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
  const bool is_told = !waving_through_ && tracee.process;
  const Process* const process = tracee.process.get();
  const std::optional<TracedCall> call = is_told ? call_of(tracee.number) : std::nullopt;
  if (!call) {  // killed just now, which leaves its last stop to be told of; or nobody listens
    if (!is_told) tracee.in_call = false;
  } else if (call->ended) {
    tracee.in_call = false;
    events_.ends(tracee, call->result);
  } else {
    tracee.in_call = events_.begins(tracee, *call);
    if (!tracee.in_call) tracee.clear_call();
  }
  if (tracee.process.get() != process) ask_another(process, tracee.number);  // it has its own now
  go_on(tracee);
}

// A filtered one stops at the beginnings that matter anyway; only an end must be asked for.
void Tracer::go_on(Tracee& tracee, int signal) {
  const bool to_call = !waving_through_ && (tracee.in_call || !tracee.is_filtered);
  resume(tracee.number, to_call ? Resume::to_next_call : Resume::run, signal);
}

// A thread, or a process, which has its maker's descriptors or a copy of them. It stops before it
// does anything, sooner or later than its maker does.
void Tracer::made(Tracee& maker) {
  const auto message = message_of_event(maker.number);
  if (!message) return;  // the maker was killed just now
  const auto number = static_cast<pid_t>(*message);
  const auto status = proc_status(number);
  if (!status || status->tracer != std::int64_t{::getpid()}) return;  // it was, too
  Tracee& child = tracees_[number];
  if (child.process) return;  // it was adopted
  child.number = number;
  child.is_filtered = maker.is_filtered;
  if (maker.process && !waving_through_)
    tell_of(child, maker, /*is_thread=*/status->process == maker.process->number());
  if (child.waits_since != 0) stop_waiting(child);
}

void Tracer::tell_of(Tracee& child, const Tracee& maker, bool is_thread) {
  const pid_t process = maker.process->number();
  const bool shares = share_descriptors(maker.number, child.number, /*unless_told=*/is_thread);
  if (is_thread && shares) return belongs_to(child, maker.process);
  if (!shares) events_.explore(*maker.process);
  belongs_to(child, std::make_shared<Process>(
                        is_thread ? ProcessHandle::of_thread(process, child.number)
                                  : ProcessHandle(child.number),
                        shares ? maker.process->table : maker.process->table->copy()));
  if (!is_thread) events_.began_process(child, process);
}

void Tracer::stop_waiting(Tracee& child) {
  child.waits_since = 0;
  --waiting_;
  go_on(child);
}

// Their maker was killed before it told of them.
void Tracer::adopt_those_who_waited() {
  constexpr std::uint64_t patience = 50'000'000;
  const std::uint64_t now = read_clock(CLOCK_MONOTONIC);
  for (auto& [number, tracee] : tracees_) {
    if (tracee.waits_since == 0 || now - tracee.waits_since < patience) continue;
    adopt(tracee);
    stop_waiting(tracee);
  }
}

void Tracer::adopt(Tracee& child) {
  child.is_filtered = any_filtered_;
  const auto status = proc_status(child.number);
  if (!status || waving_through_) return;
  const auto sibling = std::ranges::find_if(tracees_, [&status](const auto& entry) {
    return entry.second.process && entry.second.process->number() == status->process;
  });
  if (sibling != tracees_.end()) return belongs_to(child, sibling->second.process);
  const auto process = std::make_shared<Process>(ProcessHandle(child.number), new_table());
  belongs_to(child, process);
  events_.explore(*process);
  events_.began_process(child, static_cast<pid_t>(status->parent));
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
  if (waving_through_ || !tracee.process) return go_on(tracee);
  living_[number] = 1;
  Process& process = *tracee.process;
  process.handle = ProcessHandle(number);
  if (process.table.use_count() > 1) process.table = process.table->copy();
  events_.replaced_program(tracee);
  if (tracee.form == 0) tracee.clear_call();
  tracee.in_call = tracee.form != 0;
  go_on(tracee);
}

// A call that was broken off for good, or ended just then, has a result that nobody gets.
void Tracer::concludes_killed(Tracee& tracee) {
  const auto call = killed_call(tracee.number, tracee.call->arguments[0]);
  if (!call) events_.count_missed();
  if (call && call->ran) events_.ends(tracee, call->result);
  tracee.in_call = false;
}

// Who is the last of a process, or to have descriptors, is the last that refers to them here.
void Tracer::ends(Tracee& tracee) {
  if (!tracee.process) return;
  const std::shared_ptr<Process>& process = tracee.process;
  const bool is_last = --living_[process->number()] == 0;
  if (is_last) living_.erase(process->number());
  if (!waving_through_) {
    if (is_last) events_.ends_process(tracee);
    if (process.use_count() > 1)
      ask_another(process.get(), tracee.number);
    else if (process->table.use_count() == 1)
      events_.leaves_descriptors(tracee);
  }
  tracee.process.reset();
}

// Descriptors are asked for through a thread that has them: first the process's first one.
void Tracer::ask_another(const Process* process, pid_t leaving) {
  const auto other = std::ranges::find_if(tracees_, [&](const auto& entry) {
    return entry.second.process.get() == process && entry.first != leaving;
  });
  if (other == tracees_.end()) return;
  Process& shared = *other->second.process;
  if (shared.handle.thread() == leaving)
    shared.handle = ProcessHandle::of_thread(shared.number(), other->first);
}

// However it came to its end.
void Tracer::forget(pid_t thread) {
  const auto known = tracees_.find(thread);
  if (known == tracees_.end()) return;
  if (known->second.waits_since != 0) --waiting_;
  if (known->second.in_call) events_.count_missed();  // killed so that it did not stop once more
  ends(known->second);
  tracees_.erase(known);
}

}  // namespace socktap::sources::ptrace
