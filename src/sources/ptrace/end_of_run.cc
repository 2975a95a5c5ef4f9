#include "sources/ptrace/end_of_run.h"

#include <signal.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

namespace socktap::sources::ptrace {

EndOfRun::EndOfRun(pid_t reader) : reader_(reader) {
  sigset_t awaited;
  ::sigemptyset(&awaited);
  ::sigaddset(&awaited, SIGTERM);
  ::sigaddset(&awaited, SIGCHLD);
  ::sigprocmask(SIG_BLOCK, &awaited, nullptr);
  ::signal(SIGTERM, SIG_DFL);
  ::signal(SIGCHLD, SIG_DFL);
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  has_come_ = ::getppid() != reader;  // before it could be told
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
  if (::sigtimedwait(&awaited, &signal, &limit) == SIGTERM && signal.si_pid == reader_)
    has_come_ = true;  // others have no say in it
}

}  // namespace socktap::sources::ptrace
