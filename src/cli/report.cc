#include "cli/report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/utsname.h>

#include <iterator>

namespace socktap::cli {
namespace {

std::string plural(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

// "1 event seen, 0 filtered, 0 lost", "9 events seen, 8 of them handled in the kernel alone, 5 left
// out by conditions, 0 filtered, 0 lost"
std::string totals(const session::Summary& summary) {
  std::string text = plural(summary.events + summary.source.kept, "event") + " seen";
  if (summary.source.kept > 0)
    text += fmt::format(", {} of them handled in the kernel alone", summary.source.kept);
  if (summary.source.unwanted > 0)
    text += fmt::format(", {} left out by conditions", summary.source.unwanted);
  return text + fmt::format(", {} filtered, {} lost", summary.source.filtered,
                            summary.source.losses.events());
}

}  // namespace

std::string ready_line(const plan::Plan& plan, const sources::Coverage& coverage) {
  if (plan.points.empty()) return "Tracing nothing: the script names no socket.*; Ctrl-C ends";
  utsname kernel{};
  ::uname(&kernel);
  return fmt::format("Tracing {} on {} by {}; Ctrl-C ends", plural(plan.points.size(), "point"),
                     kernel.release, coverage.source);
}

std::vector<LossLine> loss_lines(const Losses& losses) {
  std::vector<LossLine> lines;
  for (std::size_t kind = 0; kind < loss_kinds; ++kind) {
    const auto loss = static_cast<Loss>(kind);
    lines.push_back({losses[loss] > 0, sentence(loss, losses[loss])});
  }
  return lines;
}

std::string totals_line(const session::Summary& summary) {
  return fmt::format("{}; {} run", totals(summary), plural(summary.handled, "handler"));
}

std::string times_report(const session::Summary& summary, const language::TypedProgram& program,
                         const SourceMap& sources) {
  std::string text = "----- probe hit report:\n";
  for (std::size_t i = 0; i < summary.times.size(); ++i) {
    const session::HandlerTimes& times = summary.times[i];
    if (times.runs == 0) continue;
    const language::Handler& handler = program.handlers[i];
    std::vector<std::string_view> points;
    for (const language::Point& point : handler.points) points.emplace_back(point.text);
    fmt::format_to(std::back_inserter(text),
                   "{}, ({}), hits: {}, ns: {}min/{}avg/{}max, index: {}\n", fmt::join(points, ","),
                   sources.describe(handler.span), times.runs, times.shortest,
                   times.total / times.runs, times.longest, i);
  }
  return text;
}

std::string silence_line(const session::Summary& summary, bool scoped) {
  std::string text = "nothing was printed: " + totals(summary);
  if (summary.events + summary.source.kept > 0) {
    text += "; the script's handlers ran and chose to print nothing";
  } else if (summary.source.unwanted > 0) {
    text += "; what happened did not meet the script's conditions";
  } else if (summary.source.losses[Loss::blind_path] > 0) {
    text += "; not all that the script asks for is seen on this kernel";
  } else if (scoped) {
    text += "; the traced process made no such socket operation while the run lasted";
  } else {
    text += "; no process made such a socket operation while the run lasted";
  }
  return text;
}

}  // namespace socktap::cli
