#include "cli/priority.h"

#include <sched.h>
#include <sys/resource.h>

#include <cerrno>
#include <csignal>

namespace socktap::cli {
namespace {

constexpr int niceness = -10;

extern "C" void on_turn_too_long(int) {
  const int saved = errno;
  const sched_param none{};
  ::sched_setscheduler(0, SCHED_OTHER, &none);  // its niceness is kept
  errno = saved;
}

// SIGXCPU comes after the time given, counted from the last sleep.
bool limit_turns() {
  struct sigaction action {};
  action.sa_handler = on_turn_too_long;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  rlimit limit{};
  if (::sigaction(SIGXCPU, &action, nullptr) != 0 || ::getrlimit(RLIMIT_RTTIME, &limit) != 0)
    return false;
  limit.rlim_cur = longest_turn_us;
  return ::setrlimit(RLIMIT_RTTIME, &limit) == 0;
}

}  // namespace

void take_turns_promptly() {
  ::setpriority(PRIO_PROCESS, 0, niceness);
  if (!limit_turns()) return;
  const sched_param lowest{.sched_priority = ::sched_get_priority_min(SCHED_RR)};
  ::sched_setscheduler(0, SCHED_RR | SCHED_RESET_ON_FORK, &lowest);
}

}  // namespace socktap::cli
