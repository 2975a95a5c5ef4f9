// The event's moment in various units, dates, durations and stopwatches.
#include <fmt/format.h>

#include <chrono>

#include "event/event.h"
#include "vm/library_functions.h"
#include "vm/library_state.h"

namespace socktap::vm::library {
namespace {

constexpr std::int64_t ns_per_s = 1'000'000'000;
constexpr std::int64_t ns_per_ms = 1'000'000;
constexpr std::int64_t ns_per_us = 1'000;
constexpr std::int64_t jiffies_per_s = 1000;

std::int64_t since_1970(const LibraryCall& call) { return call.occasion.realtime(); }

// SystemTap's ctime() takes what 32 bits can say, and its messages are what scripts catch.
void append_date(LibraryCall& call, std::int64_t seconds) {
  if (seconds > INT32_MAX) {
    call.error = "Time too far in the future to be converted";
    return;
  }
  if (seconds < INT32_MIN) {
    call.error = "Time too far in the past to be converted";
    return;
  }
  using namespace std::chrono;
  constexpr std::string_view weekdays = "SunMonTueWedThuFriSat";
  constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
  constexpr std::size_t letters = 3;
  const sys_seconds moment{std::chrono::seconds(seconds)};
  const sys_days day = floor<days>(moment);
  const year_month_day date(day);
  const hh_mm_ss time(moment - day);
  fmt::format_to(std::back_inserter(call.text), "{} {}{:3} {:02}:{:02}:{:02} {}",
                 weekdays.substr(weekday(day).c_encoding() * letters, letters),
                 months.substr((unsigned(date.month()) - 1) * letters, letters),
                 unsigned(date.day()), time.hours().count(), time.minutes().count(),
                 time.seconds().count(), int(date.year()));
}

// "XmY.Zs", where the fraction has `digits` digits.
void append_duration(LibraryCall& call, std::int64_t per_second, int digits) {
  const std::int64_t duration = call.arguments[0].number;
  const std::int64_t seconds = duration / per_second;
  const std::int64_t fraction = duration % per_second;
  fmt::format_to(std::back_inserter(call.text), "{}m{}.{}{:0{}}s", seconds / 60, seconds % 60,
                 fraction < 0 ? "-" : "", fraction < 0 ? -fraction : fraction, digits);
}

// Null: it was never started.
LibraryState::Stopwatch* find_stopwatch(LibraryCall& call) {
  auto& stopwatches = call.state.stopwatches();
  const auto found = stopwatches.find(std::string(call.arguments[0].text));
  return found != stopwatches.end() ? &found->second : nullptr;
}

void read_stopwatch(LibraryCall& call, std::int64_t unit) {
  const LibraryState::Stopwatch* stopwatch = find_stopwatch(call);
  if (stopwatch == nullptr) return;
  const std::int64_t running =
      stopwatch->running_since ? since_1970(call) - *stopwatch->running_since : 0;
  call.number = (stopwatch->elapsed + running) / unit;
}

}  // namespace

void cpu_clock_ns(LibraryCall& call) { local_clock_ns(call); }
void cpu_clock_us(LibraryCall& call) { local_clock_us(call); }
void cpu_clock_ms(LibraryCall& call) { local_clock_ms(call); }
void cpu_clock_s(LibraryCall& call) { local_clock_s(call); }

void hz(LibraryCall& call) { call.number = jiffies_per_s; }

void ctime(LibraryCall& call) {
  const bool given = !call.arguments.empty();
  append_date(call, given ? call.arguments[0].number : since_1970(call) / ns_per_s);
}

void tz_gmtoff(LibraryCall& call) { call.number = call.state.zone().seconds_west; }
void tz_name(LibraryCall& call) { call.text = call.state.zone().name; }

void tz_ctime(LibraryCall& call) {
  const LibraryState::Zone& zone = call.state.zone();
  const auto seconds = static_cast<std::uint64_t>(call.arguments[0].number);
  append_date(call,
              static_cast<std::int64_t>(seconds - static_cast<std::uint64_t>(zone.seconds_west)));
  if (call.error) return;
  call.text += ' ';
  call.text += zone.name;
}

void msecs_to_string(LibraryCall& call) { append_duration(call, 1'000, 3); }
void usecs_to_string(LibraryCall& call) { append_duration(call, 1'000'000, 6); }
void nsecs_to_string(LibraryCall& call) { append_duration(call, 1'000'000'000, 9); }

void start_stopwatch(LibraryCall& call) {
  LibraryState::Stopwatch* stopwatch =
      remembered(call, call.state.stopwatches(), std::string(call.arguments[0].text));
  if (stopwatch != nullptr && !stopwatch->running_since) {
    stopwatch->running_since = since_1970(call);
  }
}

void stop_stopwatch(LibraryCall& call) {
  LibraryState::Stopwatch* stopwatch = find_stopwatch(call);
  if (stopwatch == nullptr || !stopwatch->running_since) return;
  stopwatch->elapsed += since_1970(call) - *stopwatch->running_since;
  stopwatch->running_since.reset();
}

void delete_stopwatch(LibraryCall& call) {
  call.state.stopwatches().erase(std::string(call.arguments[0].text));
}

void read_stopwatch_ns(LibraryCall& call) { read_stopwatch(call, 1); }
void read_stopwatch_us(LibraryCall& call) { read_stopwatch(call, ns_per_us); }
void read_stopwatch_ms(LibraryCall& call) { read_stopwatch(call, ns_per_ms); }
void read_stopwatch_s(LibraryCall& call) { read_stopwatch(call, ns_per_s); }

}  // namespace socktap::vm::library
