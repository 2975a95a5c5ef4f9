#include "sources/ptrace/cpu_follower.h"

#include "base/proc.h"

namespace socktap::sources::ptrace {
namespace {

constexpr unsigned stops_between_looks = 64;

}  // namespace

CpuFollower::CpuFollower() {
  CPU_ZERO(&allowed_);
  ::sched_getaffinity(0, sizeof allowed_, &allowed_);
}

void CpuFollower::answered(pid_t thread) {
  if (thread != followed_) {
    followed_ = thread;
    stops_ = 0;
    roam();
  } else if (++stops_ % stops_between_looks == 0) {
    follow(thread);
  }
}

void CpuFollower::follow(pid_t thread) {
  const int cpu = proc_cpu(thread);
  if (cpu == cpu_ || cpu < 0 || cpu >= CPU_SETSIZE || !CPU_ISSET(cpu, &allowed_)) return;
  cpu_set_t there;
  CPU_ZERO(&there);
  CPU_SET(cpu, &there);
  if (::sched_setaffinity(0, sizeof there, &there) == 0) cpu_ = cpu;
}

void CpuFollower::roam() {
  if (cpu_ < 0) return;
  ::sched_setaffinity(0, sizeof allowed_, &allowed_);
  cpu_ = -1;
}

}  // namespace socktap::sources::ptrace
