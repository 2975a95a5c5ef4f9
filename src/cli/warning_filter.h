// A sink that passes on everything but warnings: what -w asks for.
#pragma once

#include "sinks/sink.h"

namespace socktap::cli {

class WarningFilter : public sinks::Sink {
 public:
  explicit WarningFilter(sinks::Sink& sink) : sink_(sink) {}  // borrowed

  Result<void> write(const Record& record) override {
    return record.kind == RecordKind::warning ? Result<void>() : sink_.write(record);
  }
  Result<void> flush() override { return sink_.flush(); }

 private:
  sinks::Sink& sink_;
};

}  // namespace socktap::cli
