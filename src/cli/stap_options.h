// The command line of stap(1), as SystemTap 4.8 takes it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/run_options.h"

namespace socktap::cli {

struct StapOptions {
  enum class Task {
    run,
    list_points,      // -l
    list_signatures,  // -L
    list_types,       // --dump-probe-types
    list_aliases,     // --dump-probe-aliases
    list_functions,   // --dump-functions
    help,
    version,
    nothing,  // what there is to do concerns caches and servers, and there are none
  };
  Task task = Task::run;
  std::string pattern;  // of -l and -L
  RunOptions run;
  bool no_time_limits = false;  // --suppress-time-limits
  bool is_example = false;      // --example: the script is one of the packaged examples
};

// Parses the words after the program's name, options before and after the script, as getopt_long(3)
// orders them. On a mistake, which it prints, returns the exit status instead.
struct ParsedStap {
  StapOptions options;
  std::optional<int> exit_status;
};
ParsedStap parse_stap(const std::vector<std::string>& words);

// Fails on options that exclude each other, or need one that is missing.
Result<void> check_together(const StapOptions& options);

// What `stap --help` prints.
std::string stap_help();

}  // namespace socktap::cli
