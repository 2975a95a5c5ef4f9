// What this program does about a signal, for as long as a test says so.
#pragma once

#include <signal.h>
#include <sys/wait.h>

#include <cerrno>

namespace socktap {

class SignalAction {
 public:
  SignalAction(int signal, sighandler_t handler)
      : signal_(signal), before_(::signal(signal, handler)) {}
  ~SignalAction() { ::signal(signal_, before_); }
  SignalAction(const SignalAction&) = delete;
  SignalAction& operator=(const SignalAction&) = delete;

 private:
  int signal_;
  sighandler_t before_;
};

// A handler of SIGCHLD, as in programs that leave no child waiting.
inline void wait_for_all(int) {
  const int code = errno;
  while (::waitpid(-1, nullptr, WNOHANG) > 0) continue;
  errno = code;
}

}  // namespace socktap
