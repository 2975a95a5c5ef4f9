// Runs a script from the command line over the source that its options ask for.
#pragma once

#include "cli/run_options.h"
#include "cli/script_run.h"

namespace socktap::cli {

// By eBPF, by ptrace or over a recording. Prints what there is to say, and returns the exit status.
int run_script(const RunOptions& options, const Surroundings& surroundings = {});

// The same, or only its first passes (-p), with the notes on options that do nothing.
int run_or_stop(const RunOptions& options);

}  // namespace socktap::cli
