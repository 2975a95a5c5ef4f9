// What /proc tells of a process or thread at the moment one asks.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace socktap {

// A file of a process or thread ("cmdline"), empty if it is gone or not ours to read. At most
// `limit` bytes.
std::string read_proc(std::int64_t id, const char* file, std::size_t limit);

// The command name of a process or thread; empty if it is gone.
std::string proc_command(std::int64_t id);

// The strings of a file that ends each with a zero byte (cmdline, environ).
std::vector<std::string_view> zero_terminated(std::string_view text);

// nullopt if it is gone.
struct TaskStatus {
  std::int64_t process = 0;  // thread group
  std::int64_t parent = 0;
  std::int64_t tracer = 0;   // by ptrace; 0: nobody
  bool has_ended = false;    // and is not gone yet
  std::int64_t filters = 0;  // of its system calls (seccomp); since Linux 5.9
  std::int64_t uid = 0, euid = 0, gid = 0, egid = 0;
};
std::optional<TaskStatus> proc_status(std::int64_t id);

// The CPU that a thread was on last; -1 if it is gone.
int proc_cpu(std::int64_t id);

// True if `pid` is `ancestor` or its parents lead to it.
bool descends_from(std::int64_t pid, std::int64_t ancestor);

}  // namespace socktap
