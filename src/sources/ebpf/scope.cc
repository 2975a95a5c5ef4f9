#include "sources/ebpf/scope.h"

#include <dirent.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>
#include <optional>
#include <unordered_set>

#include "base/proc.h"

namespace socktap::sources::ebpf {
namespace {

constexpr std::uint32_t root_pid_namespace = 0xEFFFFFFC;  // PROC_PID_INIT_INO

}  // namespace

std::vector<pid_t> descendants(const std::vector<ProcessEntry>& processes,
                               const std::vector<pid_t>& roots) {
  std::unordered_set<pid_t> found(roots.begin(), roots.end());
  for (std::size_t before = 0; before != found.size();) {
    before = found.size();
    for (const ProcessEntry& process : processes)
      if (found.contains(process.parent)) found.insert(process.pid);
  }
  std::vector<pid_t> sorted(found.begin(), found.end());
  std::sort(sorted.begin(), sorted.end());
  return sorted;
}

std::vector<ProcessEntry> list_processes() {
  std::vector<ProcessEntry> processes;
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(::opendir("/proc"), &::closedir);
  if (!directory) return processes;
  while (const dirent* entry = ::readdir(directory.get())) {
    pid_t pid = 0;
    const char* end = entry->d_name + std::strlen(entry->d_name);
    if (std::from_chars(entry->d_name, end, pid).ptr != end) continue;
    if (const std::optional<TaskStatus> status = proc_status(pid))
      processes.push_back({pid, static_cast<pid_t>(status->parent)});
  }
  return processes;
}

Result<std::uint32_t> pid_namespace() {
  struct stat status = {};
  if (::stat("/proc/self/ns/pid", &status) != 0)
    return system_failure("cannot tell the PID namespace by /proc/self/ns/pid", errno);
  const auto inode = static_cast<std::uint32_t>(status.st_ino);
  return inode == root_pid_namespace ? 0 : inode;
}

}  // namespace socktap::sources::ebpf
