// How far a long work has come: one line at the bottom of the terminal, which is renewed and goes
// away in the end.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>

#include "sinks/sink.h"

namespace socktap::cli {

class Progress {
 public:
  // On standard error, if that is a terminal and `is_wanted`.
  explicit Progress(bool is_wanted);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress() { clear(); }

  void clear() noexcept;  // before something else is said there

  // Shows what `text` says, a few times a second at most.
  void show(const std::function<std::string()>& text);

 private:
  bool is_shown_;
  bool has_line_ = false;
  std::uint64_t next_ = 0;  // ns, CLOCK_MONOTONIC
};

// A sink that shows it each time when output goes on.
class ProgressSink : public sinks::Sink {
 public:
  // Both are borrowed.
  ProgressSink(sinks::Sink& sink, Progress& progress, std::function<std::string()> text)
      : sink_(sink), progress_(progress), text_(std::move(text)) {}

  Result<void> write(const Record& record) override {
    if (record.kind == RecordKind::warning || record.kind == RecordKind::error) progress_.clear();
    return sink_.write(record);
  }
  Result<void> flush() override {
    progress_.show(text_);
    return sink_.flush();
  }

 private:
  sinks::Sink& sink_;
  Progress& progress_;
  std::function<std::string()> text_;
};

}  // namespace socktap::cli
