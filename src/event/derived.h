// The values of variables that are no plain field of the event but come of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "event/event.h"

namespace socktap {

// The field that is the value, if it is one.
std::optional<FieldLayout> plain_field(const tapset::Extraction& extraction);

// What `from` makes of an event at a point. A number is asked for where the variable is one, and a
// text where it is one.
std::int64_t number_from(const tapset::Extraction& from, const Event& event);
std::string text_from(const tapset::Extraction& from, const tapset::ProbePoint& point,
                      const Event& event);

// Whether the point fires for sockets and calls such as the event's, if it does for the operation.
bool concerns_some(const tapset::ProbePoint& point, const Event& event);
inline bool concerns(const tapset::ProbePoint& point, const Event& event) {
  const bool concerns_all =
      point.operation != tapset::Operation::call && point.transport == tapset::Transport::any;
  return concerns_all || concerns_some(point, event);
}

}  // namespace socktap
