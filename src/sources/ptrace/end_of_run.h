// How the tracer's process learns that nobody wants events any more.
#pragma once

#include <sys/types.h>

#include <cstdint>

#include "base/pidfd.h"

namespace socktap::sources::ptrace {

// SIGTERM of socktap's is blocked and waited for, so that none is missed; whether socktap is gone
// is looked at whenever nothing has happened for a while.
class EndOfRun {
 public:
  // Of the calling process, for which the process `reader` reads.
  explicit EndOfRun(pid_t reader);

  // As far as is known: looking and waiting find out.
  bool has_come() const { return has_come_; }
  void look() { wait(0); }
  // Until it has come, a child has changed its state, or ns have passed.
  void wait_for_children(std::uint64_t ns);
  // Until it has come, or ns have passed.
  void wait(std::uint64_t ns);

 private:
  void wait_for(int other, std::uint64_t ns);

  Pidfd reader_;
  bool has_come_ = false;
};

}  // namespace socktap::sources::ptrace
