// What a run says as JSON, one object a line: {"type": ..., "data": ...}.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "sinks/json_text.h"
#include "sinks/sink.h"

namespace socktap::sinks {

class JsonFormat : public Sink {
 public:
  explicit JsonFormat(Sink& below) : below_(below) {}  // borrowed; gets nothing but output

  Result<void> write(const Record& record) override;
  Result<void> flush() override { return below_.flush(); }

 private:
  void append_data(const Record& record);
  const std::vector<Attribute>& attributes(const tapset::ProbePoint& point);

  Sink& below_;
  std::unordered_map<const tapset::ProbePoint*, std::vector<Attribute>> attributes_;
  JsonObject object_;
  std::string line_;
};

}  // namespace socktap::sinks
