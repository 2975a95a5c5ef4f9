#include "session/process_tree.h"

#include <cstdio>
#include <fstream>
#include <string>

namespace socktap::session {

std::int64_t parent_of(std::int64_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string line;
  std::getline(file, line);
  const std::size_t after_name = line.rfind(')');  // the name may hold anything, ')' too
  std::int64_t parent = 0;
  if (after_name == std::string::npos ||
      std::sscanf(line.c_str() + after_name, ") %*c %ld", &parent) != 1) {
    return 0;
  }
  return parent;
}

bool descends_from(std::int64_t pid, std::int64_t ancestor) {
  for (; pid > 1; pid = parent_of(pid)) {
    if (pid == ancestor) return true;
  }
  return pid == ancestor;
}

std::int64_t process_of(std::int64_t thread) {
  std::ifstream file("/proc/" + std::to_string(thread) + "/status");
  std::int64_t process = 0;
  for (std::string line; std::getline(file, line);)
    if (std::sscanf(line.c_str(), "Tgid: %ld", &process) == 1) return process;
  return 0;
}

}  // namespace socktap::session
