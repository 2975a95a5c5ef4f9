// A program that the bench started: only these are traced and ended, each by its own number.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace socktap::bench {

// Descriptors that become a program's own; /dev/null where there is none.
struct Streams {
  int in = -1;
  int out = -1;
  int err = -1;
};

constexpr int any_cpu = -1;

class Process {
 public:
  static Result<Process> start(const std::vector<std::string>& words, const Streams& streams,
                               int cpu = any_cpu);
  Process(Process&& other) noexcept;
  Process& operator=(Process&& other) noexcept;
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process();  // kills what still runs

  pid_t pid() const { return pid_; }
  std::uint64_t cpu_ns() const;  // that all its threads took so far, in user space and kernel
  long peak_kb() const;          // its largest resident set since exec; 0 once it ended
  bool has_ended();
  // Of one that has ended: what it took, and those of its descendants that were waited for.
  std::uint64_t whole_cpu_ns() const { return whole_cpu_ns_; }

  // Whether it ended by itself within this time.
  bool wait(std::chrono::milliseconds within);
  // By SIGINT or another signal, and where that takes too long, by SIGKILL.
  void end(int signal, std::chrono::milliseconds within = std::chrono::seconds(15));

 private:
  explicit Process(pid_t pid) : pid_(pid) {}

  pid_t pid_ = -1;  // until it was waited for
  std::uint64_t whole_cpu_ns_ = 0;
};

}  // namespace socktap::bench
