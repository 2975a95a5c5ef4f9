// Values as JSON writes them.
#pragma once

#include <string>
#include <string_view>

#include "sinks/attributes.h"
#include "sinks/clock_text.h"

namespace socktap::sinks {

// In double quotes. Bytes that are not UTF-8 become U+FFFD.
void append_json(std::string_view text, std::string& out);

// An object of what the event says of itself; what it does not say is left out.
class JsonObject {
 public:
  void append(const std::vector<Attribute>& attributes, const ShownEvent& event, std::string& out);

 private:
  ClockText clock_;
  std::string room_;
};

}  // namespace socktap::sinks
