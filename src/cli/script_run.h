// One run of a script from the command line over one source, to its end.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "cli/run_options.h"
#include "session/session.h"
#include "session/stop_flag.h"
#include "session/target.h"
#include "sinks/sink.h"
#include "sources/source.h"

namespace socktap::cli {

// What a run finds there already, instead of making it itself; null: it makes it.
struct Surroundings {
  sinks::Sink* sink = nullptr;               // for what it prints, instead of the options' output
  session::StopFlag* stop = nullptr;         // whose signals somebody handles
  session::TargetProcess* target = nullptr;  // started, not let go
  // Called when the source observes, before the run begins; false: it does not begin.
  std::function<bool(const sources::Source&)> attached;
  std::function<std::string()> progress;               // how far it has come; none: nobody knows
  std::optional<session::Summary>* summary = nullptr;  // where to leave what came of it
};

// Prints what there is to say, and returns the exit status.
int run_script(const RunOptions& options, const Surroundings& surroundings,
               sources::Source& source);
inline int run_script(const RunOptions& options, sources::Source& source) {
  return run_script(options, {}, source);
}

}  // namespace socktap::cli
