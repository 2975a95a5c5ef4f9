#include "sources/synthetic/synthetic_source.h"

#include <algorithm>
#include <utility>

namespace socktap::sources {

SyntheticSource::SyntheticSource(std::vector<WholeEvent> events, Coverage coverage, Losses losses)
    : events_(std::move(events)), coverage_(std::move(coverage)), losses_(losses) {}

Result<void> SyntheticSource::attach(const plan::Plan& /*plan*/, const Scope& /*scope*/) {
  position_ = 0;
  now_ = 0;
  return {};
}

Result<const Event*> SyntheticSource::next(std::uint64_t deadline) {
  if (position_ < events_.size() && events_[position_].record.time <= deadline) {
    const Event& event = events_[position_++].record;
    now_ = std::max<std::uint64_t>(now_, event.time);
    return &event;
  }
  if (!finished()) now_ = std::max(now_, deadline);
  return nullptr;
}

Statistics SyntheticSource::statistics() const {
  return {.delivered = position_, .losses = losses_};
}

}  // namespace socktap::sources
