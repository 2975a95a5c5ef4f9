// The events of a recording, with its clock: as fast as they are handled, or at a pace.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "recording/reader.h"
#include "sources/source.h"

namespace socktap::sources {

// Time stands still where nothing is waited for: now() is the recording's moments, and goes with
// events and deadlines in between.
class ReplaySource : public Source {
 public:
  static Result<ReplaySource> open(const std::string& path);

  // So many times as fast as it was; without, without waiting.
  void set_speed(double speed) { speed_ = speed; }

  const recording::Facts& facts() const { return reader_.facts(); }
  const std::map<std::uint64_t, std::string>& cgroups() const { return reader_.cgroups(); }
  bool was_broken_off() const { return !reader_.moments().ended; }
  std::uint64_t events() const { return reader_.events(); }
  std::uint64_t events_read() const { return reader_.events_read(); }

  plan::Capabilities capabilities() const override { return {}; }
  // Fails where the plan needs what was not recorded.
  Result<void> attach(const plan::Plan& plan, const Scope& scope) override;
  const Coverage& coverage() const override { return coverage_; }
  Result<const Event*> next(std::uint64_t deadline) override;
  void start_keeping(const plan::SettledValues&) override { begin_timers(); }
  void stop() override;
  bool finished() const override { return is_drained_; }
  Statistics statistics() const override;
  std::uint64_t now() const override { return now_; }
  std::int64_t realtime_offset() const override { return facts().realtime_offset; }

 private:
  explicit ReplaySource(recording::Reader reader) : reader_(std::move(reader)) {}
  void begin_timers();
  Result<void> look_ahead();
  void wait_until(std::uint64_t time);
  std::uint64_t reached() const;  // until then timers are due

  recording::Reader reader_;
  Coverage coverage_;
  WholeEvent ahead_, current_;
  std::optional<std::uint64_t> ahead_ready_;  // of `ahead_`, if there is one
  std::optional<Error> broken_;               // what comes after the event that was delivered last
  std::uint64_t last_ready_ = 0;
  std::uint64_t now_ = 0;
  std::uint64_t delivered_ = 0;
  bool has_begun_ = false;
  bool is_past_timers_ = false;  // what is left came when the run was stopped
  bool is_drained_ = false;
  std::optional<double> speed_;
  std::uint64_t paced_since_ = 0;  // CLOCK_MONOTONIC when the replay began
};

}  // namespace socktap::sources
