// What a run says besides the script's output: that it is ready, what it cannot see, what was lost.
#pragma once

#include <cstddef>
#include <string>

#include "event/loss.h"
#include "plan/plan.h"
#include "session/session.h"
#include "sources/coverage.h"

namespace socktap::cli {

// "Tracing 2 points on 6.18.44 by raw tracepoints; Ctrl-C ends"
std::string ready_line(const plan::Plan& plan, const sources::Coverage& coverage);

// One sentence for each path that the script needs and that is blind or counted twice; the
// sentences that `--strict` makes an error.
std::vector<std::string> coverage_warnings(const sources::Coverage& coverage);

// One sentence for each kind of loss that happened; with `all`, for every kind.
std::vector<std::string> loss_lines(const Losses& losses, bool all);

// When a run printed nothing: how many events there were, and why that may be.
std::string silence_line(const session::Summary& summary, bool scoped);

}  // namespace socktap::cli
