#include "session/self_event.h"

#include <sched.h>
#include <sys/prctl.h>
#include <unistd.h>

namespace socktap::session {

Event self_event(std::uint64_t time) {
  Event event{};
  event.time = time;
  event.tgid = static_cast<std::uint32_t>(::getpid());
  event.tid = static_cast<std::uint32_t>(::gettid());
  event.ppid = static_cast<std::uint32_t>(::getppid());
  event.uid = ::getuid();
  event.euid = ::geteuid();
  event.gid = ::getgid();
  event.egid = ::getegid();
  event.cpu = static_cast<std::uint16_t>(::sched_getcpu());
  ::prctl(PR_GET_NAME, event.comm);
  return event;
}

}  // namespace socktap::session
