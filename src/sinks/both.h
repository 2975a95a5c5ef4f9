// A sink that passes on everything to two others. What the first refuses the second does not see.
#pragma once

#include "sinks/sink.h"

namespace socktap::sinks {

class Both : public Sink {
 public:
  Both(Sink& first, Sink& second) : first_(first), second_(second) {}  // borrowed

  Result<void> write(const Record& record) override {
    if (auto written = first_.write(record); !written) return written;
    return second_.write(record);
  }
  Result<void> flush() override {
    if (auto flushed = first_.flush(); !flushed) return flushed;
    return second_.flush();
  }

 private:
  Sink& first_;
  Sink& second_;
};

}  // namespace socktap::sinks
