#include "compare/results.h"

namespace socktap::bench {

const Measured* Results::find(std::string_view section, std::string_view subject,
                              std::string_view group) const {
  for (const SectionResults& part : sections) {
    if (part.name != section) continue;
    for (const Measured& one : part.measured)
      if (one.subject == subject && one.group == group && one.is_measured()) return &one;
  }
  return nullptr;
}

const CommandCost* Results::find_command(std::string_view sockets, std::string_view subject) const {
  for (const CommandCost& one : commands)
    if (one.sockets == sockets && one.subject == subject && one.is_measured()) return &one;
  return nullptr;
}

const Started* Results::find_start(std::string_view subject) const {
  for (const Started& one : starts)
    if (one.subject == subject && one.is_measured()) return &one;
  return nullptr;
}

}  // namespace socktap::bench
