#include "cli/coverage_text.h"

#include <fmt/format.h>

namespace socktap::cli {

std::string describe(const sources::PathCoverage& path) {
  std::string text(tapset::name_of(path.operation));
  if (path.path != tapset::Path::none) text.append(" by ").append(tapset::name_of(path.path));
  return text.append(path.phase == tapset::Phase::begin ? " (begin)" : " (conclusion)");
}

std::string describe(const sources::Refusal& refusal) {
  const std::string text = fmt::format("{}: {}", refusal.strategy, refusal.reason);
  return refusal.remedy.empty() ? text : fmt::format("{} ({})", text, refusal.remedy);
}

}  // namespace socktap::cli
