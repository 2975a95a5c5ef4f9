#include "cli/data_records.h"

#include "sinks/csv_format.h"
#include "sinks/json_line.h"
#include "sinks/record_types.h"

namespace socktap::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string text_of(const Json& value) {
  if (value.is_null()) return "";
  if (value.is_string()) return value.get<std::string>();
  const bool has_objects = value.is_array() && !value.empty() && value.front().is_object();
  if (!value.is_structured() || has_objects) return sinks::json_text(value);
  std::string text;
  for (const auto& [name, part] : value.items()) {
    const std::string_view between = value.is_array() ? "; " : " ";
    if (!text.empty()) text += between;
    if (value.is_object()) text.append(name).append(":");
    text += text_of(part);
  }
  return text;
}

}  // namespace

std::string as_json_lines(const DataRecords& records) {
  std::string lines;
  for (const DataRecord& record : records) lines += sinks::json_line(record.type, record.data);
  return lines;
}

std::string csv_header(Columns columns) {
  std::string header = "record";
  for (const std::string_view column : columns) {
    header += ',';
    sinks::append_csv(column, header);
  }
  return header + "\r\n";
}

std::string as_csv_rows(const DataRecords& records, Columns columns) {
  std::string rows;
  for (const DataRecord& record : records) {
    rows += record.type;
    for (const std::string_view column : columns) {
      rows += ',';
      const auto found = record.data.find(std::string(column));
      if (found != record.data.end()) sinks::append_csv(text_of(*found), rows);
    }
    rows += "\r\n";
  }
  return rows;
}

std::string for_machines(const DataRecords& records, Columns columns, Format format) {
  return format == Format::json ? as_json_lines(records)
                                : csv_header(columns) + as_csv_rows(records, columns);
}

Json buckets(const std::map<int, std::uint64_t>& counts) {
  Json all = Json::array();
  for (const auto& [power, count] : counts) {
    const std::uint64_t least = power < 0 ? 0 : std::uint64_t{1} << power;
    all.push_back({{"min", least}, {"max", power < 0 ? 0 : least * 2 - 1}, {"count", count}});
  }
  return all;
}

void add_losses(const Losses& losses, DataRecords& records) {
  for (std::size_t i = 0; i < loss_kinds; ++i) {
    const auto kind = static_cast<Loss>(i);
    if (losses[kind] > 0)
      records.push_back(
          {sinks::type_of(RecordKind::loss), {{"events", losses[kind]}, {"kind", name_of(kind)}}});
  }
}

}  // namespace socktap::cli
