#include "session/timers.h"

#include <gtest/gtest.h>

namespace socktap::session {
namespace {

language::TypedProgram with_timers(const std::vector<language::Timer>& timers) {
  language::TypedProgram program;
  for (const language::Timer& timer : timers) {
    program.handlers.emplace_back().points.push_back({timer, "timer", {}});
  }
  return program;
}

TEST(Timers, NoneAreNeverDue) {
  const auto program = with_timers({});
  EXPECT_EQ(Timers(program, 5).next_due(), std::nullopt);
}

TEST(Timers, FireInTheOrderOfTheirTimes) {
  const auto program = with_timers({{100, 0}, {70, 0}});
  Timers timers(program, 1000);
  std::vector<std::pair<std::uint64_t, std::uint32_t>> fired;
  for (int i = 0; i < 5; ++i) {
    const auto due = timers.take(*timers.next_due());
    fired.emplace_back(due.time, due.firing.handler);
  }
  EXPECT_EQ(fired, (std::vector<std::pair<std::uint64_t, std::uint32_t>>{
                       {1070, 1}, {1100, 0}, {1140, 1}, {1200, 0}, {1210, 1}}));
}

TEST(Timers, WholePeriodsThatWereMissedFireOnce) {
  const auto program = with_timers({{100, 0}});
  Timers timers(program, 0);
  EXPECT_EQ(timers.take(1050).time, 100u);
  EXPECT_EQ(timers.next_due(), 1100u) << "periods keep their phase";
}

TEST(Timers, RandomizeStaysWithinItsBounds) {
  const auto program = with_timers({{1000, 200}});
  Timers timers(program, 0);
  std::uint64_t last = 0;
  bool varies = false;
  for (int i = 0; i < 200; ++i) {
    const auto due = timers.take(*timers.next_due()).time;
    EXPECT_GE(due - last, 800u);
    EXPECT_LE(due - last, 1200u);
    varies |= due - last != 1000;
    last = due;
  }
  EXPECT_TRUE(varies);
}

}  // namespace
}  // namespace socktap::session
