// Events that no source tells: the task that begin, end, error and timer handlers see, which is
// socktap itself, and a target that was there before.
#pragma once

#include <cstdint>
#include <optional>

#include "event/event.h"

namespace socktap::session {

Event self_event(std::uint64_t time);

// What process.begin sees of a process that is there already; nullopt: it is not.
std::optional<Event> begun_process(std::int64_t process, std::uint64_t time);

}  // namespace socktap::session
