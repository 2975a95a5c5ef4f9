// SIGINT, SIGTERM and SIGHUP end a run in order; a second SIGINT ends it at once.
#pragma once

#include <array>
#include <csignal>

#include "session/stop_flag.h"

namespace socktap::cli {

// Handles the process's signals while it lives; one at a time. SIGPIPE is ignored: a closed pipe
// comes back from write(). That of children is not: whoever ignored it would never learn of their
// ends.
class SignalHandling {
 public:
  explicit SignalHandling(session::StopFlag& flag);  // which must outlive it
  SignalHandling(const SignalHandling&) = delete;
  SignalHandling& operator=(const SignalHandling&) = delete;
  ~SignalHandling();

 private:
  static constexpr std::array<int, 5> signals{SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGCHLD};
  std::array<struct sigaction, signals.size()> before_{};
};

}  // namespace socktap::cli
