// The programs that the bench drives: where they are, and which version.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace socktap::bench {

enum class Tool { socktap, floor, bpftrace, perf, strace, redis, redis_client, nginx, wrk };
constexpr std::size_t tool_count = 9;

struct Installed {
  std::vector<std::string> words;  // a command line begins with these; empty: not there
  std::string version;             // "bpftrace 0.27.1-1 (unpacked)", "strace 6.1 (installed)"
};

class Tools {
 public:
  // Looks for those that bench/fetch_peers unpacked into this folder, then in PATH.
  static Tools find(const std::string& socktap, const std::string& peers);

  const Installed& of(Tool tool) const { return installed_[static_cast<std::size_t>(tool)]; }
  // Its command line; where it is not installed, what to do about it.
  Result<std::vector<std::string>> command(Tool tool,
                                           const std::vector<std::string>& arguments) const;

 private:
  std::vector<Installed> installed_{tool_count};
};

std::string name_of(Tool tool);

// Arguments with a command in its place: COMMAND is one word, COMMAND... several.
std::vector<std::string> with_command(const std::vector<std::string>& arguments,
                                      const std::vector<std::string>& command);

}  // namespace socktap::bench
