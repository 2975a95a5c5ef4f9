#include "session/timers.h"

#include <algorithm>

namespace socktap::session {

Timers::Timers(const language::TypedProgram& program, std::uint64_t start)
    : random_(static_cast<std::minstd_rand::result_type>(start | 1)) {
  for (std::uint32_t handler = 0; handler < program.handlers.size(); ++handler) {
    for (const language::Point& point : program.handlers[handler].points) {
      const auto* timer = std::get_if<language::Timer>(&point.trigger);
      if (timer == nullptr) continue;
      Timer& added = timers_.emplace_back(Timer{{handler, nullptr, point.text, point.name},
                                                std::max<std::int64_t>(timer->period_ns, 1),
                                                timer->randomize_ns,
                                                start});
      added.due += static_cast<std::uint64_t>(next_period(added));
    }
  }
}

std::optional<std::uint64_t> Timers::next_due() const {
  const auto first = std::ranges::min_element(timers_, {}, &Timer::due);
  return first == timers_.end() ? std::nullopt : std::optional(first->due);
}

Timers::Due Timers::take(std::uint64_t now) {
  Timer& timer = *std::ranges::min_element(timers_, {}, &Timer::due);
  const Due due{timer.firing, timer.due};
  timer.due += static_cast<std::uint64_t>(next_period(timer));
  if (timer.due <= now) {
    const auto period = static_cast<std::uint64_t>(timer.period);
    timer.due += ((now - timer.due) / period + 1) * period;
  }
  return due;
}

// randomize(m) spreads a period evenly over [period - m, period + m].
std::int64_t Timers::next_period(const Timer& timer) {
  if (timer.randomize <= 0) return timer.period;
  std::uniform_int_distribution<std::int64_t> spread(-timer.randomize, timer.randomize);
  return std::max<std::int64_t>(timer.period + spread(random_), 1);
}

}  // namespace socktap::session
