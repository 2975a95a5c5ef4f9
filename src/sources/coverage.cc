#include "sources/coverage.h"

#include <algorithm>

namespace socktap::sources {

std::string_view describe(Verdict verdict) {
  switch (verdict) {
    case Verdict::exactly_once:
      return "seen exactly once";
    case Verdict::twice:
      return "counted twice";
    case Verdict::blind:
      return "blind";
    case Verdict::not_verified:
      return "not verified";
    case Verdict::not_needed:
      return "not needed";
  }
  return "";
}

std::size_t count_of(const Coverage& coverage, Verdict verdict) {
  return static_cast<std::size_t>(
      std::ranges::count(coverage.paths, verdict, &PathCoverage::verdict));
}

bool sees_nothing(const Coverage& coverage) {
  const std::size_t needed = coverage.paths.size() - count_of(coverage, Verdict::not_needed);
  return needed > 0 && count_of(coverage, Verdict::blind) == needed;
}

}  // namespace socktap::sources
