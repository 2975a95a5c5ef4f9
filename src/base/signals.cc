#include "base/signals.h"

#include <cerrno>

namespace socktap {
namespace {

sigset_t only(int signal) {
  sigset_t set;
  ::sigemptyset(&set);
  ::sigaddset(&set, signal);
  return set;
}

bool is_pending(int signal) {
  sigset_t pending;
  ::sigpending(&pending);
  return ::sigismember(&pending, signal) == 1;
}

}  // namespace

BlockedSignals::BlockedSignals() {
  sigset_t all;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before_);
}

BlockedSignals::~BlockedSignals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

void drop_signal_handlers() {
  for (int signal = 1; signal < NSIG; ++signal) {
    struct sigaction action {};
    if (::sigaction(signal, nullptr, &action) == 0 && action.sa_handler != SIG_IGN &&
        action.sa_handler != SIG_DFL)
      ::signal(signal, SIG_DFL);
  }
}

void unblock_signals() {
  sigset_t none;
  ::sigemptyset(&none);
  ::pthread_sigmask(SIG_SETMASK, &none, nullptr);
}

NoSigpipe::NoSigpipe() : was_pending_(is_pending(SIGPIPE)) {
  const sigset_t pipe = only(SIGPIPE);
  ::pthread_sigmask(SIG_BLOCK, &pipe, &before_);
}

NoSigpipe::~NoSigpipe() {
  const int code = errno;
  const sigset_t pipe = only(SIGPIPE);
  constexpr timespec at_once{};
  if (!was_pending_)
    while (::sigtimedwait(&pipe, nullptr, &at_once) < 0 && errno == EINTR) continue;
  ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  errno = code;
}

}  // namespace socktap
