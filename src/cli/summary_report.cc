#include "cli/summary_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>

#include "cli/data_records.h"
#include "sinks/clock_text.h"
#include "sinks/csv_format.h"

namespace socktap::cli {
namespace {

struct Section {
  std::string_view heading, name;
  const std::map<std::string, Totals>* totals;
};
std::vector<Section> sections_of(const SummaryData& summary) {
  return {{"PROCESS", "process", &summary.by_process},
          {"FAMILY", "family", &summary.by_family},
          {"PROTOCOL", "protocol", &summary.by_protocol}};
}

struct Drawing {
  std::string_view heading, name;
  const Histogram* histogram;
  bool is_time;  // ns; else bytes
};
std::vector<Drawing> drawings_of(const SummaryData& summary) {
  return {{"bytes of messages sent", "sent_sizes", &summary.sent_sizes, false},
          {"bytes of messages received", "received_sizes", &summary.received_sizes, false},
          {"time that sends took", "send_times", &summary.send_times, true},
          {"time that receives took", "receive_times", &summary.receive_times, true}};
}

// Where a bucket begins: "0", "64", "1.02us".
std::string bound_text(int power, bool is_time) {
  const std::uint64_t bound = power < 0 ? 0 : std::uint64_t{1} << power;
  if (!is_time || bound == 0) return std::to_string(bound);
  std::string text;
  sinks::append_duration(bound, text);
  return text;
}

// With the empty buckets between the first and the last.
Histogram filled(const Histogram& histogram) {
  Histogram whole = histogram;
  if (!histogram.empty())
    for (int power = histogram.begin()->first; power < histogram.rbegin()->first; ++power)
      whole.try_emplace(power, 0);
  return whole;
}

std::uint64_t most(const Histogram& histogram) {
  std::uint64_t most = 1;
  for (const auto& [power, count] : histogram) most = std::max(most, count);
  return most;
}

double seconds(std::uint64_t ns) { return static_cast<double>(ns) / 1e9; }

nlohmann::ordered_json to_json(const Totals& totals) {
  return {{"sent.messages", totals.sent},
          {"sent.bytes", totals.sent_bytes},
          {"received.messages", totals.received},
          {"received.bytes", totals.received_bytes},
          {"failures", totals.failures}};
}

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

}  // namespace

std::string as_text(const SummaryData& summary) {
  std::string text;
  const auto end = std::back_inserter(text);
  const Totals& all = summary.all;
  fmt::format_to(end,
                 "{:.3f} s: {} messages sent ({} bytes), {} received ({} bytes), {} failures, {} "
                 "events lost\n",
                 seconds(summary.duration_ns), all.sent, all.sent_bytes, all.received,
                 all.received_bytes, all.failures, summary.losses.events());
  for (const Section& section : sections_of(summary)) {
    if (section.totals->empty()) continue;
    fmt::format_to(end, "\n{:<26} {:>10} {:>12} {:>10} {:>12} {:>9}\n", section.heading, "SENT",
                   "BYTES", "RECEIVED", "BYTES", "FAILURES");
    for (const auto& [name, totals] : sorted(*section.totals))
      fmt::format_to(end, "{:<26} {:>10} {:>12} {:>10} {:>12} {:>9}\n", name, totals.sent,
                     totals.sent_bytes, totals.received, totals.received_bytes, totals.failures);
  }
  if (!summary.failures.empty()) {
    fmt::format_to(end, "\n{:<26} {:<15} {:>10}\n", "OPERATION", "ERROR", "TIMES");
    for (const SummaryData::Failures& row : summary.failures)
      fmt::format_to(end, "{:<26} {:<15} {:>10}\n", row.operation, row.error, row.count);
  }
  for (const Drawing& drawing : drawings_of(summary)) {
    if (drawing.histogram->empty()) continue;
    fmt::format_to(end, "\n{}\n", drawing.heading);
    constexpr double width = 50;
    const auto highest = static_cast<double>(most(*drawing.histogram));
    for (const auto& [power, count] : filled(*drawing.histogram)) {
      const auto bar =
          static_cast<std::size_t>(static_cast<double>(count) / highest * width + 0.999);
      fmt::format_to(end, "{:>10} |{:<50} {:>8}\n", bound_text(power, drawing.is_time),
                     std::string(bar, '@'), count);
    }
  }
  return text;
}

std::string as_json_lines(const SummaryData& summary) {
  nlohmann::ordered_json data = {{"duration", seconds(summary.duration_ns)},
                                 {"total", to_json(summary.all)}};
  for (const Section& section : sections_of(summary)) {
    auto& rows = data[std::string("by_") + std::string(section.name)] =
        nlohmann::ordered_json::object();
    for (const auto& [name, totals] : sorted(*section.totals)) rows[name] = to_json(totals);
  }
  auto& errors = data["errors"] = nlohmann::ordered_json::array();
  for (const SummaryData::Failures& row : summary.failures)
    errors.push_back(
        {{"event.name", row.operation}, {"error.type", row.error}, {"count", row.count}});
  for (const Drawing& drawing : drawings_of(summary))
    data[std::string(drawing.name)] = buckets(*drawing.histogram);
  DataRecords records{{"summary", std::move(data)}};
  add_losses(summary.losses, records);
  return as_json_lines(records);
}

std::string as_csv(const SummaryData& summary) {
  std::string text =
      "section,name,sent_messages,sent_bytes,received_messages,received_bytes,failures,count\r\n";
  const auto end = std::back_inserter(text);
  const auto add = [&](std::string_view section, std::string_view name, const Totals& totals) {
    text.append(section).append(",");
    sinks::append_csv(name, text);
    fmt::format_to(end, ",{},{},{},{},{},\r\n", totals.sent, totals.sent_bytes, totals.received,
                   totals.received_bytes, totals.failures);
  };
  const auto count = [&](std::string_view section, std::string_view name, std::uint64_t number) {
    text.append(section).append(",");
    sinks::append_csv(name, text);
    fmt::format_to(end, ",,,,,,{}\r\n", number);
  };
  add("total", "", summary.all);
  for (const Section& section : sections_of(summary))
    for (const auto& [name, totals] : sorted(*section.totals)) add(section.name, name, totals);
  for (const SummaryData::Failures& row : summary.failures)
    count("error", row.operation + " " + row.error, row.count);
  for (const Drawing& drawing : drawings_of(summary))
    for (const auto& [power, number] : *drawing.histogram)
      count(drawing.name, std::to_string(power < 0 ? 0 : std::uint64_t{1} << power), number);
  for (std::size_t i = 0; i < loss_kinds; ++i)
    if (const auto kind = static_cast<Loss>(i); summary.losses[kind] > 0)
      count("lost_events", name_of(kind), summary.losses[kind]);
  return text;
}

std::string as_svg(const SummaryData& summary) {
  constexpr int width = 760, bar_height = 16, row_height = 20, bar_x = 110, bar_room = 560;
  std::string body;
  const auto end = std::back_inserter(body);
  int y = 34;
  fmt::format_to(end,
                 "<text x=\"12\" y=\"{}\" class=\"h\">{:.3f} s: {} messages sent ({} bytes), {} "
                 "received ({} bytes), {} failures, {} events lost</text>\n",
                 y, seconds(summary.duration_ns), summary.all.sent, summary.all.sent_bytes,
                 summary.all.received, summary.all.received_bytes, summary.all.failures,
                 summary.losses.events());
  for (const Section& section : sections_of(summary)) {
    if (section.totals->empty()) continue;
    y += 2 * row_height;
    fmt::format_to(end, "<text x=\"12\" y=\"{}\" class=\"h\">bytes by {}</text>\n", y,
                   section.name);
    std::uint64_t highest = 1;
    for (const auto& [name, totals] : *section.totals) highest = std::max(highest, totals.bytes());
    for (const auto& [name, totals] : sorted(*section.totals)) {
      y += row_height;
      const auto length = [&](std::uint64_t bytes) {
        return static_cast<double>(bytes) / static_cast<double>(highest) * (bar_room - 80);
      };
      const double sent = length(totals.sent_bytes), received = length(totals.received_bytes);
      fmt::format_to(end,
                     "<text x=\"12\" y=\"{}\">{}</text>"
                     "<rect x=\"{}\" y=\"{}\" width=\"{:.1f}\" height=\"{}\" class=\"s\"/>"
                     "<rect x=\"{:.1f}\" y=\"{}\" width=\"{:.1f}\" height=\"{}\" class=\"r\"/>"
                     "<text x=\"{:.1f}\" y=\"{}\">{}</text>\n",
                     y, escaped(name), bar_x + 80, y - 13, sent, bar_height, bar_x + 80 + sent,
                     y - 13, received, bar_height, bar_x + 86 + sent + received, y, totals.bytes());
    }
  }
  for (const Drawing& drawing : drawings_of(summary)) {
    if (drawing.histogram->empty()) continue;
    y += 2 * row_height;
    fmt::format_to(end, "<text x=\"12\" y=\"{}\" class=\"h\">{}</text>\n", y, drawing.heading);
    const auto highest = static_cast<double>(most(*drawing.histogram));
    for (const auto& [power, count] : filled(*drawing.histogram)) {
      y += row_height;
      const double length = static_cast<double>(count) / highest * bar_room;
      fmt::format_to(end,
                     "<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>"
                     "<rect x=\"{}\" y=\"{}\" width=\"{:.1f}\" height=\"{}\" class=\"s\"/>"
                     "<text x=\"{:.1f}\" y=\"{}\">{}</text>\n",
                     bar_x - 6, y, bound_text(power, drawing.is_time), bar_x, y - 13, length,
                     bar_height, bar_x + 6 + length, y, count);
    }
  }
  const int height = y + row_height;
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} "
      "{1}\">\n<style>text{{font:13px sans-serif;fill:#222}} .h{{font-weight:bold}} "
      ".s{{fill:#3b78b5}} .r{{fill:#7cb342}}</style>\n<rect width=\"100%\" height=\"100%\" "
      "fill=\"#fff\"/>\n{2}</svg>\n",
      width, height, body);
}

}  // namespace socktap::cli
