#include "sinks/clock_text.h"

#include <fmt/format.h>

#include <ctime>
#include <iterator>

namespace socktap::sinks {
namespace {

constexpr std::int64_t second = 1'000'000'000;

// Seconds since 1970, rounded down, and the rest in ns.
struct Moment {
  std::int64_t seconds;
  std::int64_t ns;
};
Moment split(std::int64_t realtime_ns) {
  std::int64_t seconds = realtime_ns / second;
  std::int64_t rest = realtime_ns % second;
  if (rest < 0) {
    --seconds;
    rest += second;
  }
  return {seconds, rest};
}

std::string formatted(std::int64_t seconds, const char* format, bool is_local) {
  const std::time_t time = seconds;
  std::tm parts{};
  static_cast<void>(is_local ? ::localtime_r(&time, &parts) : ::gmtime_r(&time, &parts));
  char text[64];
  return {text, std::strftime(text, sizeof(text), format, &parts)};
}

}  // namespace

void ClockText::append_time_of_day(std::int64_t realtime_ns, std::string& out) {
  const Moment moment = split(realtime_ns);
  if (moment.seconds != local_.second)
    local_ = {moment.seconds, formatted(moment.seconds, "%H:%M:%S.", true)};
  out += local_.text;
  fmt::format_to(std::back_inserter(out), "{:06}", moment.ns / 1000);
}

void ClockText::append_rfc3339(std::int64_t realtime_ns, std::string& out) {
  const Moment moment = split(realtime_ns);
  if (moment.seconds != utc_.second)
    utc_ = {moment.seconds, formatted(moment.seconds, "%Y-%m-%dT%H:%M:%S.", false)};
  out += utc_.text;
  fmt::format_to(std::back_inserter(out), "{:09}Z", moment.ns);
}

void append_duration(std::uint64_t ns, std::string& out) {
  constexpr const char* units[] = {"ns", "us", "ms", "s"};
  const auto to = std::back_inserter(out);
  if (ns < 1000) {
    fmt::format_to(to, "{}ns", ns);
    return;
  }
  auto value = static_cast<double>(ns) / 1000;
  std::size_t unit = 1;
  while (value >= 999.5 && unit + 1 < std::size(units)) {
    value /= 1000;
    ++unit;
  }
  const int decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
  fmt::format_to(to, "{:.{}f}{}", value, decimals, units[unit]);
}

}  // namespace socktap::sinks
