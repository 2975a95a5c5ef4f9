// What a run says besides the script's output: that it is ready, what it cannot see, what was lost.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "event/loss.h"
#include "plan/plan.h"
#include "session/session.h"
#include "sources/coverage.h"

namespace socktap::cli {

// "Tracing 2 points on 6.18.44 by raw tracepoints; Ctrl-C ends"
std::string ready_line(const plan::Plan& plan, const sources::Coverage& coverage);

// One sentence for each kind of loss.
struct LossLine {
  bool happened;
  std::string text;
};
std::vector<LossLine> loss_lines(const Losses& losses);

// "12 events seen, 40 filtered, 0 lost; 24 handlers run"
std::string totals_line(const session::Summary& summary);

// -t: of each handler that ran its points, place, runs and times, under a heading.
std::string times_report(const session::Summary& summary, const language::TypedProgram& program,
                         const SourceMap& sources);

// When a run printed nothing: how many events there were, and why that may be.
std::string silence_line(const session::Summary& summary, bool scoped);

}  // namespace socktap::cli
