// An event as a line for people, in columns.
#pragma once

#include <string>

#include "event/record.h"
#include "sinks/attributes.h"
#include "sinks/clock_text.h"

namespace socktap::sinks {

class EventLine {
 public:
  explicit EventLine(bool in_color) : in_color_(in_color) {}

  // What the columns are, as a line.
  static std::string_view heading();

  // What the line shows of events: nothing else needs to be captured for it.
  static tapset::FieldSet fields();

  void append(const ShownEvent& event, std::string& out);

 private:
  void append_socket(const ShownEvent& event, std::string& out);
  void append_call(const ShownEvent& event, std::string& out);
  void append_variables(const ShownEvent& event, std::string& out);
  void begin_color(const char* color, std::string& out) const;
  void end_color(std::string& out) const;

  bool in_color_;
  ClockText clock_;
  std::string room_;
};

}  // namespace socktap::sinks
