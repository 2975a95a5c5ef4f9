#include "sources/ptrace/process_handle.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

namespace socktap::sources::ptrace {
namespace {

// Neither that the process nor that the descriptor is gone: filters of containers answer the first
// three, kernels that know no handles of threads the last. That we have too many is for now only.
bool is_refusal(int code) {
  return code == EPERM || code == EACCES || code == ENOSYS || code == EINVAL;
}

}  // namespace

ProcessHandle::ProcessHandle(pid_t process) : ProcessHandle(process, process, 0) {}

ProcessHandle ProcessHandle::of_thread(pid_t process, pid_t thread) {
  constexpr unsigned of_a_thread = O_EXCL;  // PIDFD_THREAD, since Linux 6.9
  return {process, thread, of_a_thread};
}

void ProcessHandle::open() const {
  handle_.reset(static_cast<int>(::syscall(SYS_pidfd_open, thread_, flags_)));
  if (!handle_.valid() && is_refusal(errno)) refusal_ = errno;
}

UniqueFd ProcessHandle::fetch(int descriptor) const {
  if (!handle_.valid() && refusal_ == 0) open();
  if (!handle_.valid() || refusal_ != 0) return {};
  UniqueFd own(static_cast<int>(::syscall(SYS_pidfd_getfd, handle_.get(), descriptor, 0)));
  if (!own.valid() && is_refusal(errno)) refusal_ = errno;
  return own;
}

std::string ProcessHandle::path_of(int descriptor) const {
  return "/proc/" + std::to_string(thread_) + "/fd/" + std::to_string(descriptor);
}

ProcessHandle::File ProcessHandle::file_at(int descriptor) const {
  struct statx file {};
  if (::statx(AT_FDCWD, path_of(descriptor).c_str(), AT_STATX_DONT_SYNC, STATX_TYPE | STATX_INO,
              &file) != 0)
    return {.refusal = errno == ENOENT || errno == ESRCH ? 0 : errno};
  const mode_t type = file.stx_mode & S_IFMT;
  return {.type = type, .inode = S_ISSOCK(type) ? file.stx_ino : 0};
}

int refusal_of_fetching() {
  const ProcessHandle self(::getpid());
  self.fetch(STDIN_FILENO);  // whether it is open or not
  return self.refusal();
}

}  // namespace socktap::sources::ptrace
