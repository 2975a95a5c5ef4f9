// Runs what the command line asked for: compiles, attaches, joins the session, reports.
#pragma once

#include "cli/run_options.h"
#include "sources/source.h"

namespace socktap::cli {

// Says with -v which options do nothing; then runs the script, or with -p the passes before that.
int run_or_stop(const RunOptions& options);

// The exit status of the whole run, over the running kernel.
int run_script(const RunOptions& options);

// The same over another source.
int run_script(const RunOptions& options, sources::Source& source);

}  // namespace socktap::cli
