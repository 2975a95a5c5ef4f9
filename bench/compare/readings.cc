#include "compare/readings.h"

#include <algorithm>
#include <cstdio>
#include <regex>

namespace socktap::bench {
namespace {

// The sum of what the pattern's first group matches, wherever it does.
std::uint64_t sum_of(const std::string& text, const std::regex& pattern) {
  std::uint64_t sum = 0;
  for (std::sregex_iterator match(text.begin(), text.end(), pattern), end; match != end; ++match)
    sum += std::stoull((*match)[1]);
  return sum;
}

std::regex multiline(const char* pattern) {
  return std::regex(pattern, std::regex::ECMAScript | std::regex::multiline);
}

}  // namespace

std::optional<Batch> read_load(const std::string& line) {
  unsigned long long sends = 0;
  unsigned long long receives = 0;
  unsigned long long cpu_ns = 0;
  Batch batch;
  if (std::sscanf(line.c_str(), "sends=%llu receives=%llu seconds=%lf cpu_ns=%llu", &sends,
                  &receives, &batch.seconds, &cpu_ns) != 4)
    return std::nullopt;
  batch.events = sends + receives;
  batch.cpu_ns = cpu_ns;
  return batch;
}

std::uint64_t seen_in_words(const std::string& output) {
  static const std::regex pattern = multiline("^(?:WARNING: )?seen ([0-9]+)$");
  return sum_of(output, pattern);
}

std::uint64_t seen_in_lines(const std::string& output) {
  const auto lines = static_cast<std::uint64_t>(std::ranges::count(output, '\n'));
  const std::size_t ready = output.find("ready\n");
  if (ready == std::string::npos) return lines;
  return lines -
         static_cast<std::uint64_t>(std::count(
             output.begin(), output.begin() + static_cast<std::ptrdiff_t>(ready) + 6, '\n'));
}

std::uint64_t seen_in_counts(const std::string& output) {
  static const std::regex pattern = multiline("^@n(?:\\[[^\\]]*\\])?: ([0-9]+)$");
  return sum_of(output, pattern);
}

std::uint64_t seen_in_rows(const std::string& output) {
  static const std::regex pattern = multiline("^[\\[(].*[\\])] +([0-9]+) \\|");
  return sum_of(output, pattern);
}

std::uint64_t seen_by_perf_stat(const std::string& output) {
  static const std::regex pattern = multiline("^([0-9]+),[^,]*,sock:");
  return sum_of(output, pattern);
}

std::uint64_t seen_by_perf_record(const std::string& output) {
  static const std::regex pattern("\\(([0-9]+) samples\\)");
  return sum_of(output, pattern);
}

std::uint64_t lost_in_words(const std::string& errors) {
  static const std::regex socktap("WARNING: ([0-9]+) events? lost because");
  static const std::regex bpftrace("Lost ([0-9]+) events");
  return sum_of(errors, socktap) + sum_of(errors, bpftrace);
}

std::optional<std::uint64_t> read_wrk(const std::string& output) {
  static const std::regex pattern("([0-9]+) requests in ");
  std::smatch match;
  if (!std::regex_search(output, match, pattern)) return std::nullopt;
  return std::stoull(match[1]);
}

}  // namespace socktap::bench
