#include "sources/ptrace/self_check.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "base/unique_fd.h"
#include "sources/calibration/calibration.h"
#include "sources/ptrace/ptrace_source.h"

namespace socktap::sources {
namespace {

using tapset::Operation;

constexpr std::uint64_t millisecond = 1'000'000;
constexpr std::uint64_t longest_drive = 10'000 * millisecond;

// A child that makes the operations when it is told to, and stays until it is killed, so that its
// end is none of them.
class Driver {
 public:
  explicit Driver(Calibration& calibration) {
    std::array<int, 2> gate{-1, -1};
    std::array<int, 2> done{-1, -1};
    if (::pipe2(gate.data(), O_CLOEXEC) != 0 || ::pipe2(done.data(), O_CLOEXEC) != 0) return;
    gate_.reset(gate[1]);
    done_.reset(done[0]);
    const UniqueFd opens(gate[0]);
    const UniqueFd says(done[1]);
    number_ = ::fork();
    if (number_ != 0) return;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
    gate_.reset();
    char word = 0;
    if (::read(opens.get(), &word, 1) == 0) calibration.drive();
    [[maybe_unused]] const ssize_t told = ::write(says.get(), &word, 1);
    for (;;) ::pause();
  }
  ~Driver() {
    if (number_ <= 0) return;
    ::kill(number_, SIGKILL);
    ::waitpid(number_, nullptr, 0);
  }
  Driver(const Driver&) = delete;
  Driver& operator=(const Driver&) = delete;

  pid_t number() const { return number_; }
  void let_go() { gate_.reset(); }
  bool is_through() const {
    pollfd ready{.fd = done_.get(), .events = POLLIN, .revents = 0};
    return ::poll(&ready, 1, 0) != 0;
  }

 private:
  pid_t number_ = -1;
  UniqueFd gate_, done_;
};

// The driver makes other calls, too, and is a process itself.
bool is_of_drive(const Event& event, pid_t driver) {
  switch (operation_of(event)) {
    case Operation::call:
      return event.call_number == Calibration::system_call();
    case Operation::process:
      return static_cast<pid_t>(event.tgid) != driver;
    default:
      return true;
  }
}

Result<void> collect(PtraceSource& source, std::uint64_t deadline, pid_t driver,
                     Calibration& calibration) {
  for (;;) {
    const Result<const Event*> event = source.next(deadline);
    if (!event) return tl::unexpected(event.error());
    if (*event == nullptr) return {};
    if (is_of_drive(**event, driver)) calibration.see(**event);
  }
}

}  // namespace

Result<Coverage> check_ptrace(const plan::Plan& plan) {
  Calibration calibration(interest_of(plan), Calibration::Extent::calls);
  Driver driver(calibration);
  if (driver.number() < 0) return system_failure("cannot start a process to be traced", errno);
  PtraceSource source;
  if (auto attached = source.attach(plan, {.roots = {driver.number()}}); !attached)
    return tl::unexpected(attached.error());
  driver.let_go();
  calibration.drive();  // what the child does is done here, too, so that it is known
  const std::uint64_t end = source.now() + longest_drive;
  while (!driver.is_through() && source.now() < end)
    if (auto fine = collect(source, source.now() + 10 * millisecond, driver.number(), calibration);
        !fine)
      return tl::unexpected(fine.error());
  source.stop();
  while (!source.finished())
    if (auto fine = collect(source, ~std::uint64_t{0}, driver.number(), calibration); !fine)
      return tl::unexpected(fine.error());
  Coverage coverage = source.coverage();
  for (PathCoverage& path : coverage.paths) {
    if (path.verdict == Verdict::blind) continue;
    auto outcome = calibration.outcome(path.operation, path.phase, path.path);
    path.verdict = outcome.verdict;
    path.driven = outcome.driven;
    path.seen = outcome.seen;
    path.missed = std::move(outcome.missed);
  }
  return coverage;
}

}  // namespace socktap::sources
