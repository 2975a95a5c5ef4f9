#include "sources/ptrace/process_handle.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

namespace socktap::sources::ptrace {
namespace {

// Neither that the process or the descriptor is gone, nor that we have too many of our own: filters
// of containers answer the first three, kernels that know no handles of threads the last.
bool is_refusal(int code) {
  return code == EPERM || code == EACCES || code == ENOSYS || code == EINVAL;
}

}  // namespace

ProcessHandle::ProcessHandle(pid_t process, pid_t thread, unsigned flags)
    : process_(process),
      thread_(thread),
      handle_(static_cast<int>(::syscall(SYS_pidfd_open, thread, flags))) {
  if (!handle_.valid() && is_refusal(errno)) refusal_ = errno;
}

ProcessHandle::ProcessHandle(pid_t process) : ProcessHandle(process, process, 0) {}

ProcessHandle ProcessHandle::of_thread(pid_t process, pid_t thread) {
  constexpr unsigned of_a_thread = O_EXCL;  // PIDFD_THREAD, since Linux 6.9
  return {process, thread, of_a_thread};
}

UniqueFd ProcessHandle::fetch(int descriptor) const {
  if (!handle_.valid() || refusal_ != 0) return {};
  UniqueFd own(static_cast<int>(::syscall(SYS_pidfd_getfd, handle_.get(), descriptor, 0)));
  if (!own.valid() && is_refusal(errno)) refusal_ = errno;
  return own;
}

std::string ProcessHandle::path_of(int descriptor) const {
  return "/proc/" + std::to_string(thread_) + "/fd/" + std::to_string(descriptor);
}

mode_t ProcessHandle::type_of(int descriptor) const {
  struct stat status {};
  return ::stat(path_of(descriptor).c_str(), &status) == 0 ? status.st_mode & S_IFMT : 0;
}

bool ProcessHandle::is_open(int descriptor) const { return type_of(descriptor) != 0; }

std::optional<ino_t> ProcessHandle::socket_of(int descriptor) const {
  struct stat status {};
  if (::stat(path_of(descriptor).c_str(), &status) != 0) return std::nullopt;
  return S_ISSOCK(status.st_mode) ? status.st_ino : 0;
}

int refusal_of_fetching() {
  const ProcessHandle self(::getpid());
  self.fetch(STDIN_FILENO);  // whether it is open or not
  return self.refusal();
}

}  // namespace socktap::sources::ptrace
