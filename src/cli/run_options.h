// The command line of `socktap run`.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "base/cgroups.h"
#include "cli/output.h"
#include "cli/recording.h"
#include "cli/script.h"
#include "cli/source_choice.h"

namespace socktap::cli {

struct RunOptions {
  ScriptOptions script;
  std::vector<std::string> definitions;    // -D
  std::optional<std::string> command;      // -c
  std::vector<std::string> command_words;  // trace -- CMD ARGS: not split again
  std::optional<std::string> user;         // --user, of the command
  std::optional<pid_t> pid;                // -x
  std::vector<pid_t> roots;                // these processes, too, and their descendants
  bool all = false;                        // --all: -c and -x only set target()
  bool all_if_possible = false;            // that is so unless only the target can be traced
  bool self = false;
  std::optional<double> seconds;  // -T
  OutputOptions output;
  RecordingOptions recording;
  std::optional<pid_t> replayed_target;      // with --from: the recording's
  CgroupNames* recorded_cgroups = nullptr;   // the same
  std::optional<unsigned> buffer_megabytes;  // -s
  SourceChoice source;
  std::string why_this_source;     // said before a run that observes; empty: nothing
  std::optional<int> last_pass;    // -p
  std::vector<std::string> notes;  // options that do nothing, and why
  bool time_handlers = false;      // -t
  std::string placement = "auto";  // --placement
  bool quiet = false;
  bool warnings = true;      // -w: not a single one, the script's own neither
  bool status_lines = true;  // on a terminal: that the run is ready, and why nothing was printed
  int verbose = 0;
};

// Parses; on a mistake, or after --help, returns the exit status instead.
struct ParsedRun {
  RunOptions options;
  std::optional<int> exit_status;
};
ParsedRun parse_run(const std::vector<std::string>& arguments);

// What --from, --record and their options cannot be together with.
Result<void> check_replay(const RunOptions& options);

}  // namespace socktap::cli
