// A process, and the descriptors that it has.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "base/unique_fd.h"

namespace socktap::sources::ptrace {

// One process as others see it.
class ProcessHandle {
 public:
  explicit ProcessHandle(pid_t process);
  // With the descriptors of one of its threads, which no longer shares them.
  static ProcessHandle of_thread(pid_t process, pid_t thread);
  pid_t process() const { return process_; }
  pid_t thread() const { return thread_; }  // whose descriptors they are

  // A descriptor of our own for the same file; invalid: there is none, or it is refused.
  UniqueFd fetch(int descriptor) const;
  // Why they cannot be fetched, whichever it is: an errno; 0: they can, as far as is known. What
  // follows can be told all the same.
  int refusal() const { return refusal_; }

  std::string path_of(int descriptor) const;  // in /proc
  bool is_open(int descriptor) const;
  mode_t type_of(int descriptor) const;  // S_IFSOCK and its like; 0: it is not open
  // nullopt: it is not open; 0: it leads to no socket.
  std::optional<ino_t> socket_of(int descriptor) const;

 private:
  ProcessHandle(pid_t process, pid_t thread, unsigned flags);

  pid_t process_, thread_;
  UniqueFd handle_;
  mutable int refusal_ = 0;  // found out by trying
};

// Why no process's descriptors can be fetched here: an errno; 0: they can.
int refusal_of_fetching();

}  // namespace socktap::sources::ptrace
