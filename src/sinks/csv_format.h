// What a run says as CSV (RFC 4180), with a header: a column for what kind of thing the row is, one
// for each attribute of events at the run's points, and one for text.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "sinks/attributes.h"
#include "sinks/clock_text.h"
#include "sinks/sink.h"

namespace socktap::sinks {

// A field, in quotes if it must be.
void append_csv(std::string_view field, std::string& out);

class CsvFormat : public Sink {
 public:
  // `below` is borrowed and gets nothing but output.
  CsvFormat(Sink& below, std::span<const tapset::ProbePoint* const> points);

  std::string header() const;  // a line

  Result<void> write(const Record& record) override;
  Result<void> flush() override { return below_.flush(); }

 private:
  void append_event(const ShownEvent& event);
  void append_value(const Attribute& attribute, const ShownEvent& event);

  Sink& below_;
  std::vector<std::string_view> columns_;  // of attributes
  // Of each point what is in which of these columns; null: nothing.
  std::unordered_map<const tapset::ProbePoint*, std::vector<const Attribute*>> rows_;
  std::vector<std::vector<Attribute>> attributes_;
  ClockText clock_;
  std::string line_, room_;
  bool has_header_ = false;
};

}  // namespace socktap::sinks
