#include "session/self_event.h"

#include <sched.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/proc.h"

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

std::optional<Event> begun_process(std::int64_t process, std::uint64_t time) {
  const std::optional<TaskStatus> status = proc_status(process);
  if (!status) return std::nullopt;
  Event event{};
  event.operation = SOCKTAP_PROCESS;
  event.phase = SOCKTAP_BEGIN;
  event.time = time;
  event.tgid = event.tid = static_cast<std::uint32_t>(process);
  event.ppid = static_cast<std::uint32_t>(status->parent);
  event.uid = static_cast<std::uint32_t>(status->uid);
  event.euid = static_cast<std::uint32_t>(status->euid);
  event.gid = static_cast<std::uint32_t>(status->gid);
  event.egid = static_cast<std::uint32_t>(status->egid);
  proc_command(process).copy(event.comm, sizeof event.comm);
  return event;
}

}  // namespace socktap::session
