#include "sources/ptrace/ptrace_source.h"

#include <fcntl.h>
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

// What the tracer's process answers when it has tried to begin.
struct Report {
  int code = 0;
  char message[256] = {};
  char hint[256] = {};
};

// A terminal's signals are for the run, whose end is the tracer's. It may outlive the run for long,
// and may need a descriptor for each process.
void leave_the_run(int report) {
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

void answer(const Result<void>& begun) {
  Report report;
  if (!begun) {
    report.code = begun.error().code == 0 ? -1 : begun.error().code;
    begun.error().message.copy(report.message, sizeof report.message - 1);
    begun.error().hint.copy(report.hint, sizeof report.hint - 1);
  }
  [[maybe_unused]] const ssize_t told = ::write(STDIN_FILENO, &report, sizeof report);
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

  std::size_t record_size;
  std::size_t size;
  void* memory;
};

PtraceSource::PtraceSource() { coverage_.source = "ptrace"; }

PtraceSource::~PtraceSource() {
  stop();
  if (tracer_ > 0) ::waitpid(tracer_, nullptr, WNOHANG);
}

Result<void> PtraceSource::attach(const plan::Plan& plan, const Scope& scope) {
  stopped_ = drained_ = was_killed_ = false;
  filter_.clear();
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

Result<void> PtraceSource::start_tracer(const Interest& interest, const Scope& scope) {
  shared_ = std::make_unique<Shared>(record_size(interest.fields));
  if (shared_->memory == MAP_FAILED) return system_failure("cannot share memory", errno);
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return system_failure("cannot make a pipe", errno);
  const UniqueFd answers(ends[0]);
  UniqueFd report(ends[1]);
  const pid_t reader = ::getpid();
  tracer_ = ::fork();
  if (tracer_ < 0) return system_failure("cannot start the tracer", errno);
  if (tracer_ == 0) {
    leave_the_run(report.get());
    EndOfRun end(reader);
    EventWriter writer(shared_->ring(), shared_->records(), shared_->record_size, end);
    Sockets sockets([&writer] { writer.count_missed(); });
    CallEvents events(interest, writer);
    Tracer tracer(events, sockets, end);
    const Result<void> begun = follow_all(tracer, scope, !filter_.empty());
    answer(begun);
    if (begun) tracer.run();
    ::_exit(0);
  }
  report.reset();
  Report begun;
  ssize_t length = 0;
  do {
    length = ::read(answers.get(), &begun, sizeof begun);
  } while (length < 0 && errno == EINTR);
  if (length != sizeof begun) return failure("the tracer ended before it began");
  if (begun.code != 0)
    return failure(begun.message, begun.hint[0] ? begun.hint : hint_for(begun.code, scope, tracer_),
                   begun.code);
  reader_ = std::make_unique<RingReader>(std::span(&shared_->ring(), 1),
                                         std::as_bytes(shared_->records()), shared_->record_size);
  return {};
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
  int status = 0;
  if (tracer_ <= 0 || ::waitpid(tracer_, &status, WNOHANG) != tracer_) return;
  tracer_ = -1;
  was_killed_ = !WIFEXITED(status) || WEXITSTATUS(status) != 0;
}

// Who is traced needs it no more.
void PtraceSource::end_tracer() {
  if (tracer_ <= 0) return;
  was_killed_ = __atomic_load_n(&shared_->ring().has_ended, __ATOMIC_ACQUIRE) == 0;
  if (was_killed_) ::kill(tracer_, SIGKILL);  // it does not answer
  ::waitpid(tracer_, nullptr, 0);
  tracer_ = -1;
}

// Until it has said that no more comes. Whom it has to wave through keep it longer.
void PtraceSource::stop() {
  if (std::exchange(stopped_, true)) return;
  const std::uint64_t begin = now();
  if (tracer_ > 0) ::kill(tracer_, SIGTERM);
  while (tracer_ > 0 && __atomic_load_n(&shared_->ring().has_ended, __ATOMIC_ACQUIRE) == 0 &&
         now() < begin + longest_farewell) {
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
