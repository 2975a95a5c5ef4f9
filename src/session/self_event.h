// The task that begin, end, error and timer handlers see: socktap itself.
#pragma once

#include <cstdint>

#include "event/event.h"

namespace socktap::session {

Event self_event(std::uint64_t time);

}  // namespace socktap::session
