#include "cli/report.h"

#include <fmt/format.h>
#include <sys/utsname.h>

#include "cli/doctor_report.h"

namespace socktap::cli {
namespace {

std::string plural(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

}  // namespace

std::string ready_line(const plan::Plan& plan, const sources::Coverage& coverage) {
  utsname kernel{};
  ::uname(&kernel);
  return fmt::format("Tracing {} on {} by {}; Ctrl-C ends", plural(plan.points.size(), "point"),
                     kernel.release, coverage.source);
}

std::vector<std::string> coverage_warnings(const sources::Coverage& coverage) {
  std::vector<std::string> warnings;
  for (const sources::PathCoverage& path : coverage.paths) {
    if (path.verdict != sources::Verdict::blind && path.verdict != sources::Verdict::twice)
      continue;
    std::string text =
        fmt::format("{} is {} on this kernel", describe(path), describe(path.verdict));
    if (!path.strategy.empty()) text += fmt::format(" by {}", path.strategy);
    for (const sources::Refusal& refusal : path.refusals) {
      text += fmt::format("; {}: {}", refusal.strategy, refusal.reason);
      if (!refusal.remedy.empty()) text += fmt::format(" ({})", refusal.remedy);
    }
    warnings.push_back(std::move(text));
  }
  return warnings;
}

std::vector<std::string> loss_lines(const Losses& losses, bool all) {
  std::vector<std::string> lines;
  for (std::size_t kind = 0; kind < loss_kinds; ++kind) {
    const std::uint64_t count = losses.counts[kind];
    if (count == 0 && !all) continue;
    lines.push_back(fmt::format("{} {}", count, socktap::describe(static_cast<Loss>(kind))));
  }
  return lines;
}

std::string silence_line(const session::Summary& summary, bool scoped) {
  std::string text = fmt::format("nothing was printed: {} seen, {} filtered, {} lost",
                                 plural(summary.events, "event"), summary.source.filtered,
                                 summary.source.losses.total());
  if (summary.events > 0) {
    text += "; the script's handlers ran and chose to print nothing";
  } else if (scoped) {
    text += "; the traced process made no such socket operation while the run lasted";
  } else {
    text += "; no process made such a socket operation while the run lasted";
  }
  return text;
}

}  // namespace socktap::cli
