// What an event says of itself, by name: as OpenTelemetry's semantic conventions call it where they
// have it, else as the probe point's variable is called. JSON, CSV and timelines are made of it;
// docs/output.md lists them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "event/record.h"

namespace socktap::sinks {

enum class AttributeType : std::uint8_t { text, number, truth, time };

// Nothing where the event has no such thing. A time is ns since 1970.
using AttributeValue = std::variant<std::monostate, std::int64_t, bool, std::string_view>;

struct Attribute {
  std::string_view name;
  AttributeType type;
  std::string_view help;
  tapset::FieldSet needs;  // known only of events of which these are captured
  // `room` may hold the text that the value is a view of.
  AttributeValue (*read)(const Attribute& attribute, const ShownEvent& event, std::string& room);
  const tapset::Binding* binding = nullptr;  // of a variable's attribute

  // Nothing where what it needs was not captured.
  AttributeValue value(const ShownEvent& event, std::string& room) const {
    if ((event.fields & needs) != needs) return {};
    return read(*this, event, room);
  }
};

// All that an event at the point may have, in the order in which it is shown: time, task, what
// happened to which socket, and the point's other variables.
std::vector<Attribute> attributes_of(const tapset::ProbePoint& point);

}  // namespace socktap::sinks
