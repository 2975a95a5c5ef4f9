#include "cli/signals.h"

#include <unistd.h>

#include <atomic>
#include <csignal>

#include "cli/command.h"

namespace socktap::cli {
namespace {

// A signal handler can reach only what is static: the one pointer that this program keeps so.
std::atomic<session::StopFlag*> stop_flag{nullptr};
static_assert(std::atomic<session::StopFlag*>::is_always_lock_free);

extern "C" void on_signal(int signal) {
  session::StopFlag* flag = stop_flag.load();
  if (signal == SIGINT && flag->requested()) ::_exit(exit_interrupted);
  flag->request(signal);
}

}  // namespace

void install_signal_handlers(session::StopFlag& flag) {
  stop_flag.store(&flag);
  struct sigaction action {};
  action.sa_handler = on_signal;
  sigemptyset(&action.sa_mask);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) ::sigaction(signal, &action, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

}  // namespace socktap::cli
