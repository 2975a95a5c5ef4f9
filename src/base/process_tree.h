// The processes that there are, and who descends from whom.
#pragma once

#include <sys/types.h>

#include <vector>

namespace socktap {

// A process and its parent, as /proc lists them.
struct ProcessEntry {
  pid_t pid;
  pid_t parent;
};

// Those of `processes` that are one of `roots` or descend from one.
std::vector<pid_t> descendants(const std::vector<ProcessEntry>& processes,
                               const std::vector<pid_t>& roots);

std::vector<ProcessEntry> list_processes();  // from /proc; those that vanish meanwhile are left out

}  // namespace socktap
