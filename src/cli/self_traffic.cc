#include "cli/self_traffic.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "session/process_tree.h"

namespace socktap::cli {
namespace {

std::string command_name(std::int64_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/comm");
  std::string name;
  std::getline(file, name);
  return name;
}

// The sshd that serves this session is the nearest ancestor of that name.
std::optional<std::int64_t> serving_sshd() {
  for (std::int64_t pid = session::parent_of(::getpid()); pid > 1; pid = session::parent_of(pid)) {
    if (command_name(pid).starts_with("sshd")) return pid;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> self_traffic_advice(int fd) {
  struct stat status {};
  if (::fstat(fd, &status) == 0 && S_ISSOCK(status.st_mode)) {
    return "the output goes into a socket, whose reader's messages are traced too; exclude that "
           "process with `if (pid() == PID) next`, or write to a file with -o";
  }
  if (::isatty(fd) != 1) return std::nullopt;
  const auto sshd = serving_sshd();
  if (!sshd) return std::nullopt;
  return fmt::format(
      "the output travels through sshd (pid {0}), whose messages are traced too; exclude them with "
      "`if (pid() == {0}) next`",
      *sshd);
}

}  // namespace socktap::cli
