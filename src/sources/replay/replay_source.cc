#include "sources/replay/replay_source.h"

#include <algorithm>
#include <utility>

#include "base/clock.h"

namespace socktap::sources {
namespace {

using recording::RecordedPath;
using tapset::Field;
using tapset::ProbePoint;

// Whether all events for which the point fires were recorded.
bool was_recorded(const ProbePoint& point, const std::vector<std::string>& recorded) {
  for (int i = 0; i <= static_cast<int>(tapset::Path::readv); ++i) {
    const auto path = static_cast<tapset::Path>(i);
    if (!point.paths.contains(path)) continue;
    const bool found = std::ranges::any_of(recorded, [&](const std::string& name) {
      const ProbePoint* other = tapset::find_probe_point(name);
      return other != nullptr && other->fires_for(point.operation, point.phase, path) &&
             (other->transport == tapset::Transport::any || other->transport == point.transport);
    });
    if (!found) return false;
  }
  return point.operation != tapset::Operation::call;
}

Verdict verdict_of(const std::string& words) {
  for (const Verdict verdict : {Verdict::exactly_once, Verdict::twice, Verdict::blind,
                                Verdict::not_verified, Verdict::not_needed})
    if (words == describe(verdict)) return verdict;
  return Verdict::not_verified;
}

bool is_needed(const RecordedPath& path, const plan::Plan& plan) {
  return std::ranges::any_of(plan.points, [&](const ProbePoint* point) {
    return point->fires_for(path.operation, path.phase, path.path);
  });
}

Result<void> check_fields(tapset::FieldSet needed, tapset::FieldSet recorded) {
  for (int i = 0; i < tapset::field_count; ++i) {
    const auto field = static_cast<Field>(i);
    if (needed.contains(field) && !recorded.contains(field))
      return failure("the recording has no " + std::string(tapset::field_names[i]),
                     "it was made by another socktap, or of points that do not have it");
  }
  return {};
}

}  // namespace

Result<ReplaySource> ReplaySource::open(const std::string& path) {
  auto reader = recording::Reader::open(path);
  if (!reader) return tl::unexpected(reader.error());
  return ReplaySource(std::move(*reader));
}

Result<void> ReplaySource::attach(const plan::Plan& plan, const Scope& /*scope*/) {
  for (const ProbePoint* point : plan.points) {
    if (was_recorded(*point, facts().points)) continue;
    std::string hint = "it has";
    for (const std::string& name : facts().points) hint.append(" ").append(name);
    return failure("the recording has no events of " + std::string(point->name), hint);
  }
  tapset::FieldSet recorded = facts().fields;
  if (auto checked = check_fields(plan.fields, recorded); !checked) return checked;
  coverage_ = {.source = "a recording from Linux " + facts().kernel + " by " + facts().source};
  for (const RecordedPath& path : facts().paths)
    if (is_needed(path, plan))
      coverage_.paths.push_back({path.operation, path.phase, path.path, path.strategy,
                                 verdict_of(path.verdict), path.driven, path.seen});
  now_ = reader_.moments().began;
  return look_ahead();
}

Result<void> ReplaySource::look_ahead() {
  std::uint64_t ready = 0;
  const auto more = reader_.next(ahead_, ready);
  if (!more) return tl::unexpected(more.error());
  // In the order in which they came, whatever their times.
  if (*more) last_ready_ = std::max(last_ready_, ready);
  ahead_ready_ = *more ? std::optional(last_ready_) : std::nullopt;
  return {};
}

void ReplaySource::begin_timers() {
  if (std::exchange(has_begun_, true)) return;
  now_ = std::max(reader_.moments().started, now_);
  paced_since_ = read_clock(CLOCK_MONOTONIC);
}

std::uint64_t ReplaySource::reached() const {
  if (reader_.moments().reached) return *reader_.moments().reached;
  return ahead_ready_ ? UINT64_MAX : std::max(now_, last_ready_);
}

// A signal ends the wait: the run looks after what it means.
void ReplaySource::wait_until(std::uint64_t time) {
  if (!speed_ || time <= reader_.moments().started) return;
  constexpr double longest = 1e18;  // ns: the times of a file may be anything
  const double since =
      std::min(static_cast<double>(time - reader_.moments().started) / *speed_, longest);
  const std::uint64_t due = paced_since_ + static_cast<std::uint64_t>(since);
  sleep_until(due);
}

Result<const Event*> ReplaySource::next(std::uint64_t deadline) {
  begin_timers();
  if (broken_) return tl::unexpected(*broken_);
  const bool is_due = ahead_ready_ && (is_past_timers_ ||
                                       (*ahead_ready_ <= deadline && *ahead_ready_ <= reached()));
  if (is_due) {
    current_ = ahead_;
    if (!is_past_timers_) now_ = std::max(now_, *ahead_ready_);
    wait_until(*ahead_ready_);
    if (auto looked = look_ahead(); !looked) broken_ = looked.error();
    ++delivered_;
    return &current_.record;
  }
  now_ = std::max(now_, std::min(deadline, reached()));
  wait_until(now_);
  if (now_ >= reached()) {
    is_past_timers_ = true;
    is_drained_ = !ahead_ready_;
  }
  return nullptr;
}

void ReplaySource::stop() {
  if (!is_drained_ && ahead_ready_) return;
  is_drained_ = true;
  if (reader_.moments().ended) now_ = std::max(now_, *reader_.moments().ended);
}

Statistics ReplaySource::statistics() const {
  return {.delivered = delivered_, .losses = reader_.losses()};
}

}  // namespace socktap::sources
