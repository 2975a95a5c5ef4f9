// A process, watched and signalled without being taken for another that gets its number.
#pragma once

#include <sys/types.h>

#include "base/unique_fd.h"

namespace socktap {

class Pidfd {
 public:
  Pidfd() = default;
  // Of a process that is there. Where the kernel gives no handle for it, as under some containers'
  // filters of system calls, its number has to do.
  explicit Pidfd(pid_t process);

  pid_t number() const { return number_; }
  bool valid() const { return number_ > 0; }

  void signal(int signal) const;
  // Whether it has, though its parent may not have been told.
  bool has_ended() const;
  void wait_for_end() const;

  // What waitid(2) takes for it.
  struct WaitTarget {
    int type;  // idtype_t
    id_t id;
  };
  WaitTarget wait_target() const;

 private:
  pid_t number_ = -1;
  UniqueFd handle_;
};

}  // namespace socktap
