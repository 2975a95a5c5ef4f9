// Where the tracer runs. A stop is two switches from one thread to the other: on one CPU they take
// a fifth of the time that they take if each has to wake the other's CPU.
#pragma once

#include <sched.h>
#include <sys/types.h>

namespace socktap::sources::ptrace {

// Of the calling thread: while one and the same traced thread makes all the stops, it stays on the
// CPU that this one was on last; else it may run where it could before.
class CpuFollower {
 public:
  CpuFollower();

  void answered(pid_t thread);

 private:
  void follow(pid_t thread);
  void roam();

  cpu_set_t allowed_;
  pid_t followed_ = 0;  // who made the last stop
  unsigned stops_ = 0;  // that it has made in a row
  int cpu_ = -1;        // where we stay; -1: anywhere
};

}  // namespace socktap::sources::ptrace
