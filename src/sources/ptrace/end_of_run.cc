#include "sources/ptrace/end_of_run.h"

#include <signal.h>
#include <time.h>
#include <unistd.h>

namespace socktap::sources::ptrace {

EndOfRun::EndOfRun(pid_t reader) : reader_(reader) {
  sigset_t awaited;
  ::sigemptyset(&awaited);
  ::sigaddset(&awaited, SIGTERM);
  ::sigaddset(&awaited, SIGCHLD);
  ::sigprocmask(SIG_SETMASK, &awaited, nullptr);
  ::signal(SIGTERM, SIG_DFL);
  ::signal(SIGCHLD, SIG_DFL);
}

void EndOfRun::wait_for_children(std::uint64_t ns) { wait_for(SIGCHLD, ns); }

void EndOfRun::wait(std::uint64_t ns) { wait_for(SIGTERM, ns); }

void EndOfRun::wait_for(int other, std::uint64_t ns) {
  sigset_t awaited;
  ::sigemptyset(&awaited);
  ::sigaddset(&awaited, SIGTERM);
  ::sigaddset(&awaited, other);
  const timespec limit = {.tv_sec = static_cast<time_t>(ns / 1'000'000'000),
                          .tv_nsec = static_cast<long>(ns % 1'000'000'000)};
  siginfo_t signal{};
  const int came = ::sigtimedwait(&awaited, &signal, &limit);
  const bool is_told = came == SIGTERM && signal.si_pid == reader_.number();  // others have no say
  has_come_ = has_come_ || is_told || (came < 0 && reader_.has_ended());
}

}  // namespace socktap::sources::ptrace
