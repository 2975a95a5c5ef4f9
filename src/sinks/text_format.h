// What a run says as text: events become lines, all else stays what it is.
#pragma once

#include <string>

#include "sinks/event_line.h"
#include "sinks/sink.h"

namespace socktap::sinks {

class TextFormat : public Sink {
 public:
  // `below` is borrowed. With a heading, it is above the first event of each file.
  TextFormat(Sink& below, bool in_color, bool with_heading)
      : below_(below), event_line_(in_color), with_heading_(with_heading) {}

  Result<void> write(const Record& record) override;
  Result<void> flush() override { return below_.flush(); }

 private:
  Sink& below_;
  EventLine event_line_;
  bool with_heading_;
  bool has_heading_ = false;
  std::string line_;
};

}  // namespace socktap::sinks
