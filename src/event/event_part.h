// The library functions that are nothing but a part of the event. The one table of them, for all
// who evaluate them or generate code that does.
#pragma once

#include <cstdint>
#include <optional>
#include <variant>

#include "event/event.h"
#include "tapset/functions.h"

namespace socktap {

// The event's moment in units of so many ns, rounded towards zero.
struct EventClock {
  enum class Since : std::uint8_t { boot, year_1970 };
  Since since;
  std::uint32_t unit;
};

// A field, which is the command's name where the function's result is a string, or a clock.
using EventPart = std::variant<FieldLayout, EventClock>;

// None: the function is more than that. Such a function takes no arguments.
std::optional<EventPart> part_of(tapset::Function function);

}  // namespace socktap
