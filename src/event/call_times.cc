// Times: the structs of clocks and timers.
#include <fmt/format.h>

#include <ctime>

#include "event/call_rendering.h"
#include "event/constants.h"

namespace socktap::rendering {

using tapset::CallVariable;

namespace {

constexpr std::int64_t utime_now = (1 << 30) - 1;
constexpr std::int64_t utime_omit = (1 << 30) - 2;

// Seconds, and the finer part, of which a struct of Word words is made.
struct Moment {
  std::int64_t seconds;
  std::int64_t fraction;
};

template <typename Word>
Moment moment_at(const CallMemory& memory, std::size_t index) {
  const std::size_t offset = index * 2 * sizeof(Word);
  return {memory.at<Word>(offset), memory.at<Word>(offset + sizeof(Word))};
}

std::string timespec_text(Moment moment) {
  if (moment.fraction == utime_now) return "[UTIME_NOW]";
  if (moment.fraction == utime_omit) return "[UTIME_OMIT]";
  return fmt::format("[{}.{:09}]", moment.seconds, moment.fraction);
}

std::string timeval_text(Moment moment) {
  return fmt::format("[{}.{:06}]", moment.seconds, moment.fraction);
}

// One struct after another, as many as `count`.
template <typename Word>
std::string moments(const CallMemory& memory, std::size_t count, std::string (*text_of)(Moment)) {
  std::string text = missing(memory, count * 2 * sizeof(Word));
  if (!text.empty()) return text;
  for (std::size_t i = 0; i < count; ++i) text += text_of(moment_at<Word>(memory, i));
  return text;
}

// The interval of a timer and its value, both in 32 bits and with six digits, whatever their unit.
template <typename Word>
std::string timer_text(const CallMemory& memory) {
  std::string text = missing(memory, 4 * sizeof(Word));
  if (!text.empty()) return text;
  const auto interval = moment_at<Word>(memory, 0);
  const auto value = moment_at<Word>(memory, 1);
  const auto low = [](std::int64_t number) { return static_cast<std::int32_t>(number); };
  return fmt::format("[{}.{:06},{}.{:06}]", low(interval.seconds), low(interval.fraction),
                     low(value.seconds), low(value.fraction));
}

// Words of struct timex, which follow a 32-bit word of modes.
template <typename Word>
std::string timex_text(const CallMemory& memory) {
  constexpr std::size_t words = 12;
  std::string text = missing(memory, words * sizeof(Word));
  if (!text.empty()) return text;
  const auto at = [&](std::size_t index) { return memory.at<Word>(index * sizeof(Word)); };
  return fmt::format(
      "{{{}, constant={}, esterror={}, freq={}, maxerror={}, offset={}, precision={}, status={}, "
      "tick={}, tolerance={}}}",
      constants::names_of_bits(constants::adjtimex_modes, memory.at<std::uint32_t>(0)), at(6),
      at(4), at(2), at(3), at(1), at(7), memory.at<std::int32_t>(5 * sizeof(Word)), at(11), at(8));
}

}  // namespace

std::string timespec(const CallVariable& variable, const CallView& view) {
  return moments<std::int64_t>(memory_of(variable, view), 1, timespec_text);
}
std::string timespec32(const CallVariable& variable, const CallView& view) {
  return moments<std::int32_t>(memory_of(variable, view), 1, timespec_text);
}
std::string timespecs(const CallVariable& variable, const CallView& view) {
  return moments<std::int64_t>(memory_of(variable, view), 2, timespec_text);
}
std::string timespec32s(const CallVariable& variable, const CallView& view) {
  return moments<std::int32_t>(memory_of(variable, view), 2, timespec_text);
}

std::string timeval64(const CallVariable& variable, const CallView& view) {
  return moments<std::int64_t>(memory_of(variable, view), 1, timeval_text);
}
std::string timeval32(const CallVariable& variable, const CallView& view) {
  return moments<std::int32_t>(memory_of(variable, view), 1, timeval_text);
}
std::string timevals(const CallVariable& variable, const CallView& view) {
  return moments<std::int64_t>(memory_of(variable, view), 2, timeval_text);
}
std::string timeval32s(const CallVariable& variable, const CallView& view) {
  return moments<std::int32_t>(memory_of(variable, view), 2, timeval_text);
}

std::string itimerspec(const CallVariable& variable, const CallView& view) {
  return timer_text<std::int64_t>(memory_of(variable, view));
}
std::string itimerspec32(const CallVariable& variable, const CallView& view) {
  return timer_text<std::int32_t>(memory_of(variable, view));
}
std::string itimerval(const CallVariable& variable, const CallView& view) {
  return timer_text<std::int64_t>(memory_of(variable, view));
}
std::string itimerval32(const CallVariable& variable, const CallView& view) {
  return timer_text<std::int32_t>(memory_of(variable, view));
}

std::string timezone(const CallVariable& variable, const CallView& view) {
  const CallMemory memory = memory_of(variable, view);
  std::string text = missing(memory, 8);
  if (!text.empty()) return text;
  return fmt::format("[{}, {}]", memory.at<std::int32_t>(0), memory.at<std::int32_t>(4));
}

std::string timex(const CallVariable& variable, const CallView& view) {
  return timex_text<std::uint64_t>(memory_of(variable, view));
}
std::string timex32(const CallVariable& variable, const CallView& view) {
  return timex_text<std::uint32_t>(memory_of(variable, view));
}

// As ctime() of SystemTap: in UTC, without a line's end.
std::string date(const CallVariable& variable, const CallView& view) {
  const std::time_t seconds = value_of(variable.of, view);
  std::tm fields{};
  std::array<char, 64> text{};
  if (gmtime_r(&seconds, &fields) == nullptr) return {};
  const std::size_t size = std::strftime(text.data(), text.size(), "%a %b %e %H:%M:%S %Y", &fields);
  return {text.data(), size};
}

}  // namespace socktap::rendering
