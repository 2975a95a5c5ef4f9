#include "sources/ptrace/ptrace_source.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "base/clock.h"
#include "base/proc.h"
#include "base/signals.h"
#include "sources/interest.h"
#include "sources/ptrace/call_filter.h"
#include "sources/ptrace/coverage.h"
#include "sources/ptrace/tracer.h"

namespace socktap::sources {

using namespace ptrace;  // the folder's own parts

namespace {

constexpr std::uint64_t millisecond = 1'000'000;
constexpr std::uint64_t slots = 8192;
constexpr std::uint64_t longest_farewell = 2'000 * millisecond;

// Who traces, which the tracer's process says first; or why there is none.
struct Started {
  pid_t tracer = -1;
  int code = 0;  // errno
};

// What it answers when it has tried to begin.
struct Report {
  bool has_begun = false;
  int code = 0;
  char message[256] = {};
  char hint[256] = {};
};

// A terminal's signals are for the run, whose end is the tracer's. It may outlive the run for long,
// and may need a descriptor for each process.
void leave_the_run(int report) {
  drop_signal_handlers();
  ::setsid();
  [[maybe_unused]] const int moved = ::chdir("/");
  for (const int signal : {SIGINT, SIGHUP, SIGQUIT, SIGPIPE}) ::signal(signal, SIG_IGN);
  ::dup2(report, STDIN_FILENO);
  ::closefrom(STDIN_FILENO + 1);
  rlimit descriptors{};
  ::getrlimit(RLIMIT_NOFILE, &descriptors);
  descriptors.rlim_cur = descriptors.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &descriptors);
}

template <typename Message>
void say(const Message& message, int to) {
  [[maybe_unused]] const ssize_t told = ::write(to, &message, sizeof message);
}

template <typename Message>
bool hear(Message& message, int from) {
  ssize_t length = 0;
  do {
    length = ::read(from, &message, sizeof message);
  } while (length < 0 && errno == EINTR);
  return length == sizeof message;
}

// Or until the tracer has ended: other children of this program may have the pipe's other end.
bool hear_from(const Pidfd& tracer, Report& report, int from) {
  constexpr int between_looks = 100;  // ms
  pollfd ready{.fd = from, .events = POLLIN, .revents = 0};
  for (;;) {
    const bool has_ended = tracer.has_ended();
    if (::poll(&ready, 1, has_ended ? 0 : between_looks) > 0) return hear(report, from);
    if (has_ended) return false;
  }
}

void answer(const Result<void>& begun) {
  Report report{.has_begun = begun.has_value()};
  if (!begun) {
    report.code = begun.error().code;
    begun.error().message.copy(report.message, sizeof report.message - 1);
    begun.error().hint.copy(report.hint, sizeof report.hint - 1);
  }
  say(report, STDIN_FILENO);
  ::close(STDIN_FILENO);
}

Result<void> follow_all(Tracer& tracer, const Scope& scope, bool filtered) {
  for (const pid_t root : scope.roots) {
    auto begun = root == scope.held ? tracer.follow_command(root, filtered) : tracer.follow(root);
    if (!begun) return begun;
  }
  return {};
}

// What kernel.yama.ptrace_scope leaves; 0 where nobody asks.
int yama_scope() {
  int scope = 0;
  std::ifstream("/proc/sys/kernel/yama/ptrace_scope") >> scope;
  return scope;
}

std::string hint_for(int code, const Scope& scope, pid_t own_tracer) {
  if (code != EPERM) return "";
  for (const pid_t root : scope.roots)
    if (const auto status = proc_status(root);
        status && status->tracer != 0 && status->tracer != own_tracer)
      return "process " + std::to_string(status->tracer) + " traces it already";
  switch (yama_scope()) {
    case 0:
      return "of others' processes, and of those that set their user, only CAP_SYS_PTRACE traces";
    case 1:
      return "kernel.yama.ptrace_scope is 1: without CAP_SYS_PTRACE only -c COMMAND can be traced";
    case 2:
      return "kernel.yama.ptrace_scope is 2: only who has CAP_SYS_PTRACE may trace";
    default:
      return "kernel.yama.ptrace_scope is 3: nobody may trace until the machine is booted anew";
  }
}

}  // namespace

// One ring, in memory that both processes have.
struct PtraceSource::Shared {
  explicit Shared(std::size_t record)
      : record_size(record), size(sizeof(socktap_cpu) + slots * record) {
    memory = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  }
  ~Shared() {
    if (memory != MAP_FAILED) ::munmap(memory, size);
  }
  Shared(const Shared&) = delete;
  Shared& operator=(const Shared&) = delete;

  socktap_cpu& ring() const { return *static_cast<socktap_cpu*>(memory); }
  std::span<std::byte> records() const {
    return {static_cast<std::byte*>(memory) + sizeof(socktap_cpu), slots * record_size};
  }
  // What the tracer says when it is done.
  bool has_ended() const { return __atomic_load_n(&ring().has_ended, __ATOMIC_ACQUIRE) != 0; }

  std::size_t record_size;
  std::size_t size;
  void* memory;
};

PtraceSource::PtraceSource() { coverage_.source = "ptrace"; }

PtraceSource::~PtraceSource() { stop(); }

Result<void> PtraceSource::attach(const plan::Plan& plan, const Scope& scope) {
  stopped_ = drained_ = was_killed_ = false;
  filter_.clear();
  tracer_ = Pidfd();
  reader_.reset();
  shared_.reset();
  delivered_ = 0;
  pace_ = {};
  realtime_offset_ = static_cast<std::int64_t>(read_clock(CLOCK_REALTIME) - now());
  const Interest interest = interest_of(plan);
  if (interest.empty()) return {};
  if (scope.roots.empty())
    return failure("ptrace cannot observe all processes",
                   "-c COMMAND or -x PID says which; all at once takes eBPF, as root");
  if (scope.held != 0) {
    auto filter = ptrace::call_filter(interest);
    if (!filter) return tl::unexpected(filter.error());
    filter_ = std::move(*filter);
  }
  coverage_ = ptrace::coverage_of(interest);
  return start_tracer(interest, scope);
}

// By a child that makes the tracer and ends: nobody here is told of the tracer's end, or told of it
// instead of us.
Result<void> PtraceSource::start_tracer(const Interest& interest, const Scope& scope) {
  shared_ = std::make_unique<Shared>(record_size(interest.fields));
  if (shared_->memory == MAP_FAILED) return system_failure("cannot share memory", errno);
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return system_failure("cannot make a pipe", errno);
  const UniqueFd answers(ends[0]);
  UniqueFd report(ends[1]);
  const pid_t reader = ::getpid();
  {
    const BlockedSignals blocked;
    const pid_t maker = ::fork();
    if (maker < 0) return system_failure("cannot start the tracer", errno);
    if (maker == 0) {
      const pid_t tracer = ::_Fork();
      if (tracer == 0) trace(interest, scope, reader, report.get());
      if (tracer < 0) say(Started{.code = errno}, report.get());
      ::_exit(0);
    }
    ::waitpid(maker, nullptr, 0);
  }
  report.reset();
  Started started;
  if (!hear(started, answers.get())) return failure("the tracer ended before it began");
  if (started.tracer < 0) return system_failure("cannot start the tracer", started.code);
  tracer_ = Pidfd(started.tracer);
  Report begun;
  if (!hear_from(tracer_, begun, answers.get())) return failure("the tracer ended before it began");
  if (!begun.has_begun)
    return failure(begun.message,
                   begun.hint[0] ? begun.hint : hint_for(begun.code, scope, started.tracer),
                   begun.code);
  reader_ = std::make_unique<RingReader>(std::span(&shared_->ring(), 1),
                                         std::as_bytes(shared_->records()), shared_->record_size);
  return {};
}

void PtraceSource::trace(const Interest& interest, const Scope& scope, pid_t reader, int report) {
  say(Started{.tracer = ::getpid()}, report);
  leave_the_run(report);
  EndOfRun end(reader);
  EventWriter writer(shared_->ring(), shared_->records(), shared_->record_size, end);
  Sockets sockets([&writer] { writer.count_missed(); });
  CallEvents events(interest, writer);
  Tracer tracer(events, sockets, end);
  const Result<void> begun = follow_all(tracer, scope, !filter_.empty());
  answer(begun);
  if (begun) tracer.run();
  writer.say_farewell();
  ::_exit(0);
}

Result<const Event*> PtraceSource::next(std::uint64_t deadline) {
  if (!reader_) {
    if (!stopped_) sleep_until(deadline);
    drained_ = stopped_;
    return nullptr;
  }
  for (;;) {
    if (const Event* event = reader_->next(deadline)) {
      ++delivered_;
      return event;
    }
    look_after_tracer();
    if (was_killed_)
      return failure(
          "the process that traces for socktap was killed: what happened since is not known");
    if (stopped_ && reader_->empty()) {
      drained_ = true;
      return nullptr;
    }
    if (reader_->complete_to(deadline)) return nullptr;
    if (!stopped_) pace_.wait(reader_->fill(), last_look_, deadline);
    last_look_ = now();
    reader_->look(last_look_);
  }
}

// It ends by itself when nobody is left to be traced, and else not before it is told to.
void PtraceSource::look_after_tracer() {
  if (!tracer_.valid() || !tracer_.has_ended()) return;
  tracer_ = Pidfd();
  was_killed_ = !shared_->has_ended();
}

// Who is traced needs it no more.
void PtraceSource::end_tracer() {
  if (!tracer_.valid()) return;
  was_killed_ = !shared_->has_ended();
  if (was_killed_) tracer_.signal(SIGKILL);  // it does not answer
  tracer_.wait_for_end();
  tracer_ = Pidfd();
}

// Until it has said that no more comes. Whom it has to wave through keep it longer.
void PtraceSource::stop() {
  if (std::exchange(stopped_, true)) return;
  const std::uint64_t begin = now();
  if (tracer_.valid()) tracer_.signal(SIGTERM);
  while (tracer_.valid() && !shared_->has_ended() && now() < begin + longest_farewell) {
    sleep_until(now() + millisecond / 4);
    look_after_tracer();
  }
  if (filter_.empty()) end_tracer();
  if (reader_) reader_->look(now());
}

Statistics PtraceSource::statistics() const {
  Statistics statistics{.delivered = delivered_};
  if (shared_)
    statistics.losses[Loss::missed] =
        __atomic_load_n(&shared_->ring().missed, __ATOMIC_RELAXED) + (was_killed_ ? 1 : 0);
  statistics.losses[Loss::blind_path] = count_of(coverage_, Verdict::blind);
  return statistics;
}

std::uint64_t PtraceSource::now() const { return read_clock(CLOCK_MONOTONIC); }

}  // namespace socktap::sources
