// How the tracer's process learns that nobody wants events any more.
#pragma once

#include <sys/types.h>

#include <cstdint>

namespace socktap::sources::ptrace {

// SIGTERM of socktap's, which the kernel sends too when socktap is gone, is blocked and waited for,
// so that none is missed.
class EndOfRun {
 public:
  // Of the calling process, whose parent `reader` is.
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

  pid_t reader_;
  bool has_come_ = false;
};

}  // namespace socktap::sources::ptrace
