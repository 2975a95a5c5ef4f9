#include "sinks/json_format.h"

#include <fmt/format.h>

#include <iterator>

#include "sinks/record_types.h"

namespace socktap::sinks {

Result<void> JsonFormat::write(const Record& record) {
  if (record.kind == RecordKind::next_file) return below_.write(record);
  if (type_of(record.kind).empty()) return {};
  line_ = "{\"type\":\"";
  line_ += type_of(record.kind);
  line_ += "\",\"data\":";
  append_data(record);
  line_ += "}\n";
  return below_.write({RecordKind::output, line_});
}

void JsonFormat::append_data(const Record& record) {
  const auto end = std::back_inserter(line_);
  switch (record.kind) {
    case RecordKind::event:
      return object_.append(attributes(*record.event->point), *record.event, line_);
    case RecordKind::loss:
      fmt::format_to(end, "{{\"events\":{},\"kind\":\"{}\"}}", record.count, name_of(record.loss));
      return;
    case RecordKind::attached:
      fmt::format_to(end, "{{\"probes\":{}}}", record.count);
      return;
    default:
      return append_json(record.text, line_);
  }
}

const std::vector<Attribute>& JsonFormat::attributes(const tapset::ProbePoint& point) {
  const auto [entry, is_new] = attributes_.try_emplace(&point);
  if (is_new) entry->second = attributes_of(point);
  return entry->second;
}

}  // namespace socktap::sinks
