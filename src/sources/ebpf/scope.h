// Which processes a run traces, seen from user space.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <vector>

#include "base/result.h"

namespace socktap::sources::ebpf {

// A process and its parent, as /proc lists them.
struct ProcessEntry {
  pid_t pid;
  pid_t parent;
};

// Those of `processes` that are one of `roots` or descend from one.
std::vector<pid_t> descendants(const std::vector<ProcessEntry>& processes,
                               const std::vector<pid_t>& roots);

std::vector<ProcessEntry> list_processes();  // from /proc; those that vanish meanwhile are left out

// Socktap's PID namespace as struct socktap_settings wants it: 0 for the root's.
Result<std::uint32_t> pid_namespace();

}  // namespace socktap::sources::ebpf
