#include "session/target_family.h"

#include "base/process_tree.h"

namespace socktap::session {

TargetFamily::TargetFamily(std::int64_t target) : everybody_(target == 0) {
  if (everybody_) return;
  for (const pid_t process : descendants(list_processes(), {static_cast<pid_t>(target)}))
    members_.insert(static_cast<std::uint32_t>(process));
}

// A number is given again only after its process has ended.
bool TargetFamily::includes(const Event& event) {
  if (everybody_) return true;
  if (phase_of(event) == tapset::Phase::conclusion) return members_.erase(event.tgid) != 0;
  if (members_.contains(event.ppid)) members_.insert(event.tgid);
  return members_.contains(event.tgid);
}

}  // namespace socktap::session
