// A process, and the descriptors that it has.
#pragma once

#include <sys/types.h>

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
  // What a descriptor leads to, without asking whose file system it is: that may be traced, too.
  struct File {
    mode_t type = 0;  // S_IFSOCK and its like; 0: it is not open, or refused
    ino_t inode = 0;  // of a socket
    int refusal = 0;  // errno: nobody may look at it

    bool is_closed() const { return type == 0 && refusal == 0; }
  };
  File file_at(int descriptor) const;

 private:
  ProcessHandle(pid_t process, pid_t thread, unsigned flags)
      : process_(process), thread_(thread), flags_(flags) {}
  void open() const;

  pid_t process_, thread_;
  unsigned flags_;           // of pidfd_open
  mutable UniqueFd handle_;  // from when it is needed on
  mutable int refusal_ = 0;  // found out by trying
};

// Why no process's descriptors can be fetched here: an errno; 0: they can.
int refusal_of_fetching();

}  // namespace socktap::sources::ptrace
