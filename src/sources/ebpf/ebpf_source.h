// The source that observes the running kernel by eBPF collectors.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "sources/ebpf/attachment.h"
#include "sources/ebpf/script_part.h"
#include "sources/ring/pace.h"
#include "sources/source.h"

namespace socktap::sources {

using EbpfOptions = ebpf::AttachOptions;

class EbpfSource : public Source {
 public:
  explicit EbpfSource(EbpfOptions options = {});
  ~EbpfSource() override;

  plan::Capabilities capabilities() const override;
  Result<void> attach(const plan::Plan& plan, const Scope& scope) override;
  const Coverage& coverage() const override { return coverage_; }
  Result<const Event*> next(std::uint64_t deadline) override;
  void start_keeping(const plan::SettledValues& values) override;
  Result<plan::Partials> take_kept() override;
  bool has_no_room() const override;
  void stop() override;
  bool finished() const override;
  Statistics statistics() const override;
  std::uint64_t now() const override;
  std::int64_t realtime_offset() const override;

 private:
  void wait_for_writers();
  Statistics count() const;
  void update_realtime_offset();
  void tell_realtime_offset();
  std::vector<std::span<std::byte>> script_memories() const;

  EbpfOptions options_;
  const plan::Plan* plan_ = nullptr;
  ebpf::ScriptPart script_part_;
  unsigned copy_ = 0;  // of the tables, that is written to
  Coverage coverage_;
  std::unique_ptr<ebpf::Collectors> collectors_;  // none if the plan needs no event
  std::unique_ptr<RingReader> reader_;
  Statistics before_;  // what the counters said when the run began
  std::uint64_t delivered_ = 0;
  std::uint64_t abandoned_ = 0;  // records reserved and never written, releases never settled
  std::uint64_t last_look_ = 0;  // ns
  Pace pace_;
  std::uint64_t stopped_at_ = 0;
  bool stopped_ = false;
  bool drained_ = false;  // after stop(): everything was delivered
  std::int64_t realtime_offset_ = 0;
};

}  // namespace socktap::sources
