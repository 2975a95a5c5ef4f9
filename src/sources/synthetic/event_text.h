// Events as lines of text, for tables in tests:
//
//   send conclusion sendmsg time=5 pid=7 tid=8 comm=nc size=3 family=2 protocol=6
//
// Operation, phase and path (of sends and receives) come first, by the catalogue's names; then any
// members in any order. Members left out are 0; `success` follows from size or err.
#pragma once

#include <string_view>

#include "base/result.h"
#include "event/event.h"

namespace socktap::sources {

Result<Event> parse_event(std::string_view line);

}  // namespace socktap::sources
