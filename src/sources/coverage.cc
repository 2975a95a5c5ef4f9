#include "sources/coverage.h"

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

}  // namespace socktap::sources
