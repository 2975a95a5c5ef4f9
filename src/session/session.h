// One run of a script over an attached source: begin, events and timers in order, end. The only
// place that joins the machine, a source and a sink.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/cgroups.h"
#include "base/result.h"
#include "base/source_map.h"
#include "plan/plan.h"
#include "session/dispatch.h"
#include "session/stop_flag.h"
#include "session/target.h"
#include "session/timers.h"
#include "sinks/sink.h"
#include "sources/source.h"
#include "vm/machine.h"

namespace socktap::session {

enum class Ending : std::uint8_t {
  source_finished,  // a table or a recording was read to its end
  exit_called,
  stopped,    // StopFlag
  timed_out,  // Options::duration
  target_ended,
  script_failed,   // more run-time errors than allowed
  output_refused,  // the sink would take no more: a closed pipe
};

struct Options {
  vm::Limits limits;
  std::int64_t target_pid = 0;  // of -x; -c's is taken from the TargetProcess
  std::optional<std::uint64_t> duration_ns;
  bool time_handlers = false;
  CgroupNames* cgroups = nullptr;  // what cgroup_path() knows, instead of the host's
  bool is_unpaced = false;         // the source\'s time passes as fast as it is asked to
  bool is_replay = false;          // the target and the processes of the events are gone
  bool suppress_errors = false;    // run-time errors end their handler, are counted, and no more
};

// How often a handler ran and how long that took, in ns.
struct HandlerTimes {
  std::uint64_t runs = 0;
  std::uint64_t shortest = 0, longest = 0, total = 0;

  void add(std::uint64_t duration);
};

struct Summary {
  Ending ending = Ending::source_finished;
  std::uint64_t events = 0;         // delivered by the source
  std::uint64_t handled = 0;        // handlers run for them
  std::uint64_t errors = 0;         // run-time errors
  std::uint64_t output_bytes = 0;   // handed to the sink
  std::uint64_t events_shown = 0;   // by print_event()
  std::vector<HandlerTimes> times;  // of the program's handlers, with Options::time_handlers
  sources::Statistics source;
  std::optional<int> target_status;  // wait status of the command, if its end was the run's
  std::optional<Error> refusal;      // of the sink
};

// Runs to the end. `source` is attached already; `target`, if any, is let go after the begin
// handlers. Fails when the target cannot run or the source breaks.
Result<Summary> run(const plan::Plan& plan, const vm::Code& code, const SourceMap& sources,
                    sources::Source& source, sinks::Sink& sink, TargetProcess* target,
                    const StopFlag& stop, const Options& options);

// What was lost, as records: each kind of which there was any, with `zeros_too` all.
Result<void> write_losses(const Losses& losses, bool zeros_too, sinks::Sink& sink);

}  // namespace socktap::session
