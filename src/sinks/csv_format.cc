#include "sinks/csv_format.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/overloaded.h"
#include "sinks/record_types.h"

namespace socktap::sinks {

void append_csv(std::string_view field, std::string& out) {
  if (field.find_first_of("\",\r\n") == std::string_view::npos) {
    out += field;
    return;
  }
  out += '"';
  for (const char c : field) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

CsvFormat::CsvFormat(Sink& below, std::span<const tapset::ProbePoint* const> points)
    : below_(below) {
  attributes_.reserve(points.size());
  for (const tapset::ProbePoint* point : points) {
    attributes_.push_back(attributes_of(*point));
    for (const Attribute& attribute : attributes_.back())
      if (std::ranges::find(columns_, attribute.name) == columns_.end())
        columns_.push_back(attribute.name);
  }
  for (std::size_t i = 0; i < points.size(); ++i) {
    std::vector<const Attribute*>& row = rows_[points[i]];
    for (const std::string_view column : columns_) {
      const auto found = std::ranges::find(attributes_[i], column, &Attribute::name);
      row.push_back(found == attributes_[i].end() ? nullptr : &*found);
    }
  }
}

std::string CsvFormat::header() const {
  std::string line = "record";
  for (const std::string_view column : columns_) {
    line += ',';
    append_csv(column, line);
  }
  return line + ",text\r\n";
}

Result<void> CsvFormat::write(const Record& record) {
  if (record.kind == RecordKind::next_file) {
    has_header_ = false;  // each file has one
    return below_.write(record);
  }
  if (type_of(record.kind).empty()) return {};
  line_.clear();
  if (!std::exchange(has_header_, true)) line_ = header();
  line_ += type_of(record.kind);
  if (record.kind == RecordKind::event) {
    append_event(*record.event);
  } else {
    line_.append(columns_.size(), ',');
  }
  line_ += ',';
  const auto end = std::back_inserter(line_);
  if (record.kind == RecordKind::loss) {
    fmt::format_to(end, "{} {}", record.count, name_of(record.loss));
  } else if (record.kind == RecordKind::attached) {
    fmt::format_to(end, "{}", record.count);
  } else {
    append_csv(record.text, line_);
  }
  line_ += "\r\n";
  return below_.write({RecordKind::output, line_});
}

void CsvFormat::append_event(const ShownEvent& event) {
  const auto row = rows_.find(event.point);
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    line_ += ',';
    if (row != rows_.end() && row->second[i] != nullptr) append_value(*row->second[i], event);
  }
}

void CsvFormat::append_value(const Attribute& attribute, const ShownEvent& event) {
  std::visit(Overloaded{[](std::monostate) {},
                        [&](std::int64_t number) {
                          if (attribute.type == AttributeType::time) {
                            clock_.append_rfc3339(number, line_);
                          } else {
                            fmt::format_to(std::back_inserter(line_), "{}", number);
                          }
                        },
                        [&](bool truth) { line_ += truth ? "true" : "false"; },
                        [&](std::string_view text) { append_csv(text, line_); }},
             attribute.value(event, room_));
}

}  // namespace socktap::sinks
