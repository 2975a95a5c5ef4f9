#include "cli/signals.h"

#include <unistd.h>

#include <atomic>

#include "cli/command.h"

namespace socktap::cli {
namespace {

// A signal handler can reach only what is static: the one pointer that this program keeps so.
std::atomic<session::StopFlag*> stop_flag{nullptr};
static_assert(std::atomic<session::StopFlag*>::is_always_lock_free);

extern "C" void on_signal(int signal) {
  session::StopFlag* flag = stop_flag.load();
  if (flag == nullptr) return;
  if (signal == SIGINT && flag->requested()) ::_exit(exit_interrupted);
  flag->request(signal);
}

sighandler_t handler_of(int signal) {
  if (signal == SIGCHLD) return SIG_DFL;
  return signal == SIGPIPE ? SIG_IGN : on_signal;
}

}  // namespace

SignalHandling::SignalHandling(session::StopFlag& flag) {
  stop_flag.store(&flag);
  for (std::size_t i = 0; i < signals.size(); ++i) {
    struct sigaction action {};
    action.sa_handler = handler_of(signals[i]);
    sigemptyset(&action.sa_mask);
    ::sigaction(signals[i], &action, &before_[i]);
    const bool by_nohup = signals[i] == SIGHUP && before_[i].sa_handler == SIG_IGN;
    if (by_nohup) ::sigaction(signals[i], &before_[i], nullptr);
  }
}

SignalHandling::~SignalHandling() {
  for (std::size_t i = 0; i < signals.size(); ++i) ::sigaction(signals[i], &before_[i], nullptr);
  stop_flag.store(nullptr);
}

}  // namespace socktap::cli
