#include "cli/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <utility>

#include "base/clock.h"

namespace socktap::cli {
namespace {

constexpr std::uint64_t period = 250'000'000;  // ns
constexpr const char* empty_line = "\r\033[K";

}  // namespace

Progress::Progress(bool is_wanted) : is_shown_(is_wanted && ::isatty(STDERR_FILENO) == 1) {}

void Progress::clear() noexcept {
  if (std::exchange(has_line_, false)) std::fputs(empty_line, stderr);
}

void Progress::show(const std::function<std::string()>& text) {
  if (!is_shown_ || !text) return;
  const std::uint64_t now = read_clock(CLOCK_MONOTONIC);
  if (now < next_) return;
  next_ = now + period;
  has_line_ = true;
  fmt::print(stderr, "{}{}", empty_line, text());
  std::fflush(stderr);
}

}  // namespace socktap::cli
