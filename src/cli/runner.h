// Runs what the command line asked for: compiles, picks the source, joins the session, reports.
#pragma once

#include "cli/run_options.h"

namespace socktap::cli {

// The exit status of the whole run.
int run_script(const RunOptions& options);

}  // namespace socktap::cli
