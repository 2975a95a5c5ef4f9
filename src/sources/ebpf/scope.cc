#include "sources/ebpf/scope.h"

#include <sys/stat.h>

#include <cerrno>

namespace socktap::sources::ebpf {
namespace {

constexpr std::uint32_t root_pid_namespace = 0xEFFFFFFC;  // PROC_PID_INIT_INO

}  // namespace

Result<std::uint32_t> pid_namespace() {
  struct stat status = {};
  if (::stat("/proc/self/ns/pid", &status) != 0)
    return system_failure("cannot tell the PID namespace by /proc/self/ns/pid", errno);
  const auto inode = static_cast<std::uint32_t>(status.st_ino);
  return inode == root_pid_namespace ? 0 : inode;
}

}  // namespace socktap::sources::ebpf
