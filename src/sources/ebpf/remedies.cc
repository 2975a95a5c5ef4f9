#include "sources/ebpf/remedies.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <cerrno>
#include <fstream>

#include "base/unique_fd.h"
#include "sources/ebpf/raw_program.h"

namespace socktap::sources::ebpf {
namespace {

// A container's root may have none.
std::uint64_t effective_capabilities() {
  std::ifstream file("/proc/self/status");
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("CapEff:")) return std::stoull(line.substr(7), nullptr, 16);
  return 0;
}

// Since 5.11 the memory of eBPF is charged to control groups. libbpf has tried to raise the limit.
std::optional<std::uint64_t> memory_limit() {
  const int fd = load_raw({call(BPF_FUNC_ktime_get_coarse_ns), return_0, leave},  // 5.11
                          BPF_PROG_TYPE_SOCKET_FILTER);
  const UniqueFd program(std::max(fd, -1));
  rlimit limit = {};
  if (fd != -EINVAL || ::getrlimit(RLIMIT_MEMLOCK, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
    return std::nullopt;
  return limit.rlim_cur;
}

}  // namespace

std::string lockdown() {
  std::ifstream file("/sys/kernel/security/lockdown");  // "none [integrity] confidentiality"
  std::string line;
  std::getline(file, line);
  const std::size_t begin = line.find('[');
  const std::size_t end = line.find(']');
  if (begin == std::string::npos || end == std::string::npos) return {};
  return line.substr(begin + 1, end - begin - 1);
}

std::string remedy_of_permission(const Standing& standing) {
  constexpr int of_sys_admin = 21, of_perfmon = 38, of_bpf = 39;
  const auto has = [&standing](int capability) {
    return (standing.capabilities >> capability & 1) != 0;
  };
  const bool bpf = has(of_bpf) || has(of_sys_admin);
  const bool perfmon = has(of_perfmon) || has(of_sys_admin);
  if (!bpf && !perfmon) return "root, or CAP_BPF and CAP_PERFMON";
  if (!bpf) return "CAP_BPF, which this process lacks";
  if (!perfmon) return "CAP_PERFMON, which this process lacks";
  if (standing.lockdown == "confidentiality")
    return "a kernel whose lockdown is not confidentiality (/sys/kernel/security/lockdown)";
  if (standing.memory_limit)
    return fmt::format(
        "more memory that may be locked (RLIMIT_MEMLOCK, here {} KiB): before Linux 5.11 eBPF is "
        "charged to it, and this process may not raise it (CAP_SYS_RESOURCE): ulimit -l unlimited",
        *standing.memory_limit / 1024);
  return "a kernel and a container that allow it: seccomp, a security module or a policy of the "
         "host forbids it to a process that has the capabilities";
}

std::string remedy_for(int code, std::string_view needs) {
  switch (code) {
    case EPERM:
      return remedy_of_permission({effective_capabilities(), lockdown(), memory_limit()});
    case ENOSYS:
      return "a kernel with the bpf system call (CONFIG_BPF_SYSCALL)";
    default:
      return "a kernel with " + std::string(needs);
  }
}

}  // namespace socktap::sources::ebpf
