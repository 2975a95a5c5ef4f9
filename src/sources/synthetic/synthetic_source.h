// Events from a table: a source for tests, with a clock of its own that goes with the events.
#pragma once

#include <vector>

#include "sources/source.h"

namespace socktap::sources {

class SyntheticSource : public Source {
 public:
  // `events` in the order of their times. Coverage and losses are what it will claim.
  explicit SyntheticSource(std::vector<WholeEvent> events, Coverage coverage = {},
                           Losses losses = {});

  plan::Capabilities capabilities() const override { return {}; }
  Result<void> attach(const plan::Plan& plan, const Scope& scope) override;
  const Coverage& coverage() const override { return coverage_; }
  Result<const Event*> next(std::uint64_t deadline) override;
  void stop() override {}
  bool finished() const override { return position_ == events_.size(); }
  Statistics statistics() const override;
  std::uint64_t now() const override { return now_; }
  std::int64_t realtime_offset() const override { return 0; }

 private:
  std::vector<WholeEvent> events_;
  Coverage coverage_;
  Losses losses_;
  std::size_t position_ = 0;
  std::uint64_t now_ = 0;
};

}  // namespace socktap::sources
