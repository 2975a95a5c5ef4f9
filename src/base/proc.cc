#include "base/proc.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>

#include "base/unique_fd.h"

namespace socktap {

std::string read_proc(std::int64_t id, const char* file, std::size_t limit) {
  if (id <= 0) return {};
  const UniqueFd fd(
      ::open(("/proc/" + std::to_string(id) + "/" + file).c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid()) return {};
  std::string content;
  char chunk[4096];
  while (content.size() < limit) {
    const ssize_t got = ::read(fd.get(), chunk, std::min(sizeof chunk, limit - content.size()));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    content.append(chunk, static_cast<std::size_t>(got));
  }
  return content;
}

std::string proc_command(std::int64_t id) {
  std::string name = read_proc(id, "comm", 64);
  if (!name.empty() && name.back() == '\n') name.pop_back();
  return name;
}

std::vector<std::string_view> zero_terminated(std::string_view text) {
  std::vector<std::string_view> strings;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\0'), text.size());
    strings.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return strings;
}

std::optional<TaskStatus> proc_status(std::int64_t id) {
  const std::string text = read_proc(id, "status", 4096);
  if (text.empty()) return std::nullopt;
  TaskStatus status;
  const auto read = [&text](const char* label, std::int64_t& first, std::int64_t* second) {
    const std::size_t at = text.find(label);
    if (at == std::string::npos) return;
    long long a = 0;
    long long b = 0;
    std::sscanf(text.c_str() + at + std::string_view(label).size(), "%lld %lld", &a, &b);
    first = a;
    if (second != nullptr) *second = b;
  };
  read("\nTgid:", status.process, nullptr);
  read("\nPPid:", status.parent, nullptr);
  read("\nTracerPid:", status.tracer, nullptr);
  read("\nSeccomp_filters:", status.filters, nullptr);
  status.has_ended = text.find("\nState:\tZ") != std::string::npos ||
                     text.find("\nState:\tX") != std::string::npos;
  read("\nUid:", status.uid, &status.euid);
  read("\nGid:", status.gid, &status.egid);
  return status;
}

// The 39th field of /proc/ID/stat; the second is a name in brackets that may hold anything.
int proc_cpu(std::int64_t id) {
  constexpr std::size_t enough = 1024;
  constexpr int fields_behind_name = 37;
  const std::string stat = read_proc(id, "stat", enough);
  std::size_t at = stat.rfind(')');
  for (int i = 0; i < fields_behind_name && at != std::string::npos; ++i)
    at = stat.find(' ', at + 1);
  int cpu = -1;
  if (at != std::string::npos)
    std::from_chars(stat.data() + at + 1, stat.data() + stat.size(), cpu);
  return cpu;
}

bool descends_from(std::int64_t pid, std::int64_t ancestor) {
  while (pid > 1 && pid != ancestor) {
    const std::optional<TaskStatus> status = proc_status(pid);
    if (!status) return false;
    pid = status->parent;
  }
  return pid == ancestor;
}

}  // namespace socktap
