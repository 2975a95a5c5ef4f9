#include "tui/table.h"

#include <algorithm>

#include "base/split.h"

namespace socktap::tui {
namespace {

constexpr std::size_t numbers_of_a_row = 10;  // behind its labels, the sizes with them

std::map<int, std::uint64_t> sizes_in(std::string_view text) {
  std::map<int, std::uint64_t> sizes;
  for (const std::string_view pair : split(text, ',')) {
    const std::size_t colon = pair.find(':');
    if (colon == std::string_view::npos) continue;
    sizes[leading_number<int>(pair.substr(0, colon))] += leading_number(pair.substr(colon + 1));
  }
  return sizes;
}

Traffic traffic_in(const std::string_view* numbers) {
  return {leading_number(numbers[0]), leading_number(numbers[1]), leading_number(numbers[2]),
          leading_number(numbers[3])};
}

}  // namespace

Traffic& Traffic::operator+=(const Traffic& other) {
  const std::uint64_t both = messages + other.messages;
  if (both > 0) mean_ns = (mean_ns * messages + other.mean_ns * other.messages) / both;
  messages = both;
  bytes += other.bytes;
  longest_ns = std::max(longest_ns, other.longest_ns);
  return *this;
}

std::string Row::name() const {
  std::string name;
  for (const std::string& label : labels) name.append(name.empty() ? "" : " ").append(label);
  return name;
}

Row Table::total() const {
  Row total;
  for (const Row& row : rows) {
    total.sent += row.sent;
    total.received += row.received;
    total.failures += row.failures;
    for (const auto& [size, count] : row.sizes) total.sizes[size] += count;
  }
  return total;
}

std::uint64_t per_second(std::uint64_t count, std::uint64_t interval_ns) {
  if (interval_ns == 0) return 0;
  return static_cast<std::uint64_t>(static_cast<double>(count) * 1e9 /
                                    static_cast<double>(interval_ns));
}

bool TableReader::take(std::string_view line) {
  const std::vector<std::string_view> fields = split(line, '\t');
  if (fields[0] == "end" && fields.size() == 3) {
    growing_.interval_ns = leading_number(fields[1]);
    growing_.until_ns = leading_number<std::int64_t>(fields[2]);
    whole_ = std::move(growing_);
    growing_ = {};
    return true;
  }
  if (fields[0] != "row" || fields.size() < 1 + numbers_of_a_row) return false;
  const auto* const numbers = &fields[fields.size() - numbers_of_a_row];
  Row row;
  row.labels.assign(fields.begin() + 1, fields.end() - numbers_of_a_row);
  row.sent = traffic_in(numbers);
  row.received = traffic_in(numbers + 4);
  row.failures = leading_number(numbers[8]);
  row.sizes = sizes_in(numbers[9]);
  growing_.rows.push_back(std::move(row));
  return false;
}

}  // namespace socktap::tui
