// What is measured: socktap's scripts, and beside them the peers' for the same work.
#pragma once

#include <sys/types.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "compare/readings.h"
#include "compare/tools.h"

namespace socktap::bench {

// How it is known that a tracer has begun.
enum class Ready {
  says_so,          // a line "ready"
  has_perf_events,  // it holds open perf events
  is_tracer,        // it is the process' tracer, by /proc
};

struct Subject {
  std::string_view name;  // "socktap hist"
  Tool tool;
  std::string_view work;          // what it does with each event
  std::string_view handler = "";  // a script's, for each event; none where the tool has no scripts
  Seen* seen = nullptr;           // how many events, in what it printed
  std::string_view options = "";  // further words of its command line
  std::string_view globals = "";  // of socktap's scripts what comes before and after the handler,
  std::string_view ending = "";   // of bpftrace's its configuration
  unsigned slowness = 1;          // it gets so many times less to trace

  Ready ready() const;
};

std::span<const Subject> subjects();
const Subject& subject(std::string_view name);  // there is one

// Its arguments, for this process; where it writes its output to a file by itself, this one.
std::vector<std::string> arguments_of(const Subject& subject, pid_t pid, const std::string& out);

}  // namespace socktap::bench
