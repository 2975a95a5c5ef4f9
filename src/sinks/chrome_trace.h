// A timeline of events in Chrome's trace event format, which Perfetto and chrome://tracing open: an
// operation whose beginning was seen is a slice of its thread, another one an instant. Handles
// nothing but events.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "base/unique_fd.h"
#include "sinks/json_text.h"
#include "sinks/sink.h"
#include "sinks/text_sink.h"

namespace socktap::sinks {

class ChromeTrace : public Sink {
 public:
  // Makes the file; what was there is gone when something is written. What is written of a run that
  // is broken off can be opened, too: the format lets the end of the array be missing.
  static Result<ChromeTrace> open(const std::string& path);

  Result<void> write(const Record& record) override;
  Result<void> flush() override { return text_.flush(); }

  // Ends the array. Nothing can be written after it.
  Result<void> finish();

 private:
  explicit ChromeTrace(UniqueFd file);
  Result<void> append(std::string_view object);
  Result<void> name_process(const Event& event);

  UniqueFd file_;
  TextSink text_;  // to `file_`
  std::unordered_map<const tapset::ProbePoint*, std::vector<Attribute>> attributes_;
  std::unordered_map<std::uint32_t, std::string> names_;  // of processes, as last said
  JsonObject object_;
  std::string line_;
  bool is_first_ = true;
};

}  // namespace socktap::sinks
