#include "base/pidfd.h"

#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#include <cerrno>

#include "base/proc.h"

namespace socktap {
namespace {

constexpr idtype_t by_handle = static_cast<idtype_t>(3);  // P_PIDFD, which older headers lack

}  // namespace

Pidfd::Pidfd(pid_t process)
    : number_(process), handle_(static_cast<int>(::syscall(SYS_pidfd_open, process, 0))) {}

void Pidfd::signal(int signal) const {
  if (handle_.valid())
    ::syscall(SYS_pidfd_send_signal, handle_.get(), signal, nullptr, 0);
  else
    ::kill(number_, signal);
}

bool Pidfd::has_ended() const {
  if (!handle_.valid()) {
    if (::kill(number_, 0) != 0 && errno == ESRCH) return true;
    const auto status = proc_status(number_);
    return status && status->has_ended;
  }
  pollfd ended{.fd = handle_.get(), .events = POLLIN, .revents = 0};
  return ::poll(&ended, 1, 0) > 0;
}

void Pidfd::wait_for_end() const {
  constexpr timespec moment{.tv_sec = 0, .tv_nsec = 1'000'000};
  pollfd ended{.fd = handle_.get(), .events = POLLIN, .revents = 0};
  while (!has_ended())
    if (!handle_.valid() || ::poll(&ended, 1, -1) < 0) ::nanosleep(&moment, nullptr);
}

Pidfd::WaitTarget Pidfd::wait_target() const {
  if (handle_.valid()) return {by_handle, static_cast<id_t>(handle_.get())};
  return {P_PID, static_cast<id_t>(number_)};
}

}  // namespace socktap
