#include "cli/summary_data.h"

#include <algorithm>
#include <utility>

#include "base/split.h"

namespace socktap::cli {
namespace {

Totals totals_of(std::string_view what, std::uint64_t messages, std::uint64_t bytes) {
  if (what == "sent") return {.sent = messages, .sent_bytes = bytes};
  if (what == "received") return {.received = messages, .received_bytes = bytes};
  return {.failures = messages};
}

}  // namespace

Totals& Totals::operator+=(const Totals& other) {
  sent += other.sent;
  sent_bytes += other.sent_bytes;
  received += other.received;
  received_bytes += other.received_bytes;
  failures += other.failures;
  return *this;
}

std::vector<std::pair<std::string, Totals>> sorted(const std::map<std::string, Totals>& totals) {
  std::vector<std::pair<std::string, Totals>> rows(totals.begin(), totals.end());
  std::ranges::stable_sort(rows, [](const auto& a, const auto& b) {
    return std::pair(a.second.bytes(), a.second.failures) >
           std::pair(b.second.bytes(), b.second.failures);
  });
  return rows;
}

Result<void> SummaryReader::write(const Record& record) {
  if (record.kind == RecordKind::loss) data_.losses[record.loss] = record.count;
  if (record.kind != RecordKind::output) return messages_.write(record);
  std::string_view text = record.text;
  for (std::size_t end; (end = text.find('\n')) != std::string_view::npos;
       text.remove_prefix(end + 1)) {
    line_ += text.substr(0, end);
    take_line(line_);
    line_.clear();
  }
  line_ += text;
  return {};
}

void SummaryReader::take_line(std::string_view line) {
  const auto fields = split(line, '\t');
  const std::string_view what = fields[0];
  if (what == "duration" && fields.size() == 2) data_.duration_ns = leading_number(fields[1]);
  if (what == "error" && fields.size() == 4)
    data_.failures.push_back(
        {std::string(fields[1]), std::string(fields[2]), leading_number(fields[3])});
  if (what == "histogram" && fields.size() == 4) {
    const std::pair<std::string_view, Histogram*> histograms[] = {
        {"sent_sizes", &data_.sent_sizes},
        {"received_sizes", &data_.received_sizes},
        {"send_times", &data_.send_times},
        {"receive_times", &data_.receive_times}};
    for (const auto& [name, histogram] : histograms)
      if (fields[1] == name)
        (*histogram)[leading_number<int>(fields[2])] = leading_number(fields[3]);
  }
  if (fields.size() != 8) return;
  const Totals part = totals_of(what, leading_number(fields[6]), leading_number(fields[7]));
  const auto text = [&fields](std::size_t i) { return std::string(fields[i]); };
  data_.all += part;
  data_.by_process[text(1) + " (" + text(2) + ")"] += part;
  data_.by_family[text(3) + " " + text(4)] += part;
  data_.by_protocol[text(3) + "/" + text(5)] += part;
}

SummaryData SummaryReader::take() {
  std::ranges::sort(data_.failures, [](const auto& a, const auto& b) {
    return std::tuple(b.count, a.operation, a.error) < std::tuple(a.count, b.operation, b.error);
  });
  return std::exchange(data_, {});
}

}  // namespace socktap::cli
