#include "base/process_tree.h"

#include <dirent.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <memory>
#include <optional>
#include <unordered_set>

#include "base/proc.h"

namespace socktap {

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

}  // namespace socktap
