#include "cli/top_records.h"

#include "base/split.h"
#include "sinks/clock_text.h"

namespace socktap::cli {
namespace {

using Json = nlohmann::ordered_json;

void add(const std::string& way, const tui::Traffic& traffic, Json& data) {
  data[way + ".messages"] = traffic.messages;
  data[way + ".bytes"] = traffic.bytes;
  data[way + ".mean_latency"] = traffic.mean_ns;
  data[way + ".max_latency"] = traffic.longest_ns;
}

Json to_json(const tui::Row& row, const tui::View& view) {
  Json data = {{"by", view.name}};
  for (std::size_t i = 0; i < view.labels.size() && i < row.labels.size(); ++i) {
    Json& label = data[std::string(view.labels[i].name)];
    if (view.labels[i].is_number)
      label = leading_number(row.labels[i]);
    else
      label = row.labels[i];
  }
  add("sent", row.sent, data);
  add("received", row.received, data);
  data["failures"] = row.failures;
  data["sizes"] = buckets(row.sizes);
  return data;
}

}  // namespace

DataRecords records_of(const tui::Table& table, const std::vector<const tui::Row*>& rows,
                       const tui::View& view) {
  std::string time;
  sinks::ClockText().append_rfc3339(table.until_ns, time);
  DataRecords records;
  for (const tui::Row* row : rows) {
    Json data = {{"time", time}, {"interval", static_cast<double>(table.interval_ns) / 1e9}};
    data.update(to_json(*row, view));
    records.push_back({"top", std::move(data)});
  }
  return records;
}

std::vector<std::string_view> columns_of(const tui::View& view) {
  std::vector<std::string_view> columns{"time", "interval", "by"};
  for (const tui::View::Label& label : view.labels) columns.push_back(label.name);
  for (const std::string_view name :
       {"sent.messages", "sent.bytes", "sent.mean_latency", "sent.max_latency", "received.messages",
        "received.bytes", "received.mean_latency", "received.max_latency", "failures"})
    columns.push_back(name);
  return columns;
}

}  // namespace socktap::cli
