// The processes of the target: it, and whom it and they begin.
#pragma once

#include <cstdint>
#include <unordered_set>

#include "event/event.h"

namespace socktap::session {

class TargetFamily {
 public:
  // 0: there is no target, and everybody belongs to it. Whom it has begun until now are members.
  explicit TargetFamily(std::int64_t target);

  // Whether the process whose life the event is about is one of them. Every such event must be
  // shown, in their order.
  bool includes(const Event& event);

 private:
  const bool everybody_;
  std::unordered_set<std::uint32_t> members_;
};

}  // namespace socktap::session
