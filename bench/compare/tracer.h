// A subject at work on a process.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "compare/process.h"
#include "compare/scratch.h"
#include "compare/subjects.h"

namespace socktap::bench {

class Tracer {
 public:
  // Returns once it is attached. Where it does not come to that, what it said.
  static Result<Tracer> start(const Subject& subject, const Tools& tools, pid_t traced,
                              const Scratch& scratch);

  double ready_ms() const { return ready_ms_; }  // from exec until it was known to be attached
  // CPU time so far; `settled_cpu_ns` once it works no more on what it was given.
  std::uint64_t cpu_ns() const { return process_.cpu_ns(); }
  std::uint64_t settled_cpu_ns() const;
  long peak_kb() const { return process_.peak_kb(); }

  // What it told, once it has ended.
  struct Account {
    std::optional<std::uint64_t> seen;  // events in its output; nothing where it does not count
    std::uint64_t lost = 0;             // by its own word
  };
  Account end();

 private:
  Tracer(const Subject& subject, const Scratch& scratch, Process process)
      : subject_(&subject), scratch_(&scratch), process_(std::move(process)) {}
  Result<void> wait_until_ready(pid_t traced);
  bool is_ready(pid_t traced) const;

  const Subject* subject_;
  const Scratch* scratch_;
  Process process_;
  double ready_ms_ = 0;
};

}  // namespace socktap::bench
