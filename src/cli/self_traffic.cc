#include "cli/self_traffic.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/proc.h"

namespace socktap::cli {
namespace {

// The sshd that serves this session is the nearest ancestor of that name.
std::optional<std::int64_t> serving_sshd() {
  for (auto self = proc_status(::getpid()); self && self->parent > 1;
       self = proc_status(self->parent))
    if (proc_command(self->parent).starts_with("sshd")) return self->parent;
  return std::nullopt;
}

// Who has the other end of a UNIX socket; 0 if it is not one, or the process is not ours to see.
std::int64_t peer_of(int fd) {
  ucred peer{};
  socklen_t length = sizeof peer;
  return ::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) == 0 ? peer.pid : 0;
}

std::string advice_on(std::int64_t pid) {
  return fmt::format(
      "the output travels through {} (pid {}), whose messages are traced too; exclude them with "
      "`if (pid() == {}) next`",
      proc_command(pid), pid, pid);
}

}  // namespace

std::optional<std::string> self_traffic_advice(int fd) {
  struct stat status {};
  const bool is_socket = ::fstat(fd, &status) == 0 && S_ISSOCK(status.st_mode);
  if (!is_socket && ::isatty(fd) != 1) return std::nullopt;
  if (const std::int64_t peer = is_socket ? peer_of(fd) : 0; peer > 0) return advice_on(peer);
  if (const auto sshd = serving_sshd()) return advice_on(*sshd);
  if (!is_socket) return std::nullopt;
  return "the output goes into a socket, whose reader's messages are traced too; exclude that "
         "process with `if (pid() == PID) next`, or write to a file with -o";
}

}  // namespace socktap::cli
