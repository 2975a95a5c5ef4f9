// A sink that passes on everything to two others. What one refuses the other
// gets all the same.
#pragma once

#include "sinks/sink.h"

namespace socktap::sinks {

class Both : public Sink {
 public:
  Both(Sink& first, Sink& second) : first_(first), second_(second) {}  // borrowed

  Result<void> write(const Record& record) override {
    const auto by_first = first_.write(record);
    const auto by_second = second_.write(record);
    return by_first ? by_second : by_first;
  }
  Result<void> flush() override {
    const auto by_first = first_.flush();
    const auto by_second = second_.flush();
    return by_first ? by_second : by_first;
  }

 private:
  Sink& first_;
  Sink& second_;
};

}  // namespace socktap::sinks
