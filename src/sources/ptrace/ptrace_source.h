// Events by ptrace(2), where eBPF is refused: of a command that the run starts, or of processes
// that the user may trace. Each system call of theirs that has to do with sockets stops them for a
// moment; what does not go through a system call of their own (io_uring, AIO) is not seen.
#pragma once

#include <sys/types.h>

#include <memory>
#include <vector>

#include "base/pidfd.h"
#include "sources/interest.h"
#include "sources/ring/pace.h"
#include "sources/ring/ring_reader.h"
#include "sources/source.h"

namespace socktap::sources {

class PtraceSource : public Source {
 public:
  PtraceSource();
  ~PtraceSource() override;

  plan::Capabilities capabilities() const override { return {}; }
  // The scope's `held`, if there is one, has to install call_filter() before it runs.
  Result<void> attach(const plan::Plan& plan, const Scope& scope) override;
  const Coverage& coverage() const override { return coverage_; }
  std::span<const sock_filter> call_filter() const override { return filter_; }
  Result<const Event*> next(std::uint64_t deadline) override;
  void stop() override;
  bool finished() const override { return drained_; }
  Statistics statistics() const override;
  std::uint64_t now() const override;
  std::int64_t realtime_offset() const override { return realtime_offset_; }

 private:
  struct Shared;

  void look_after_tracer();
  void end_tracer();
  Result<void> start_tracer(const Interest& interest, const Scope& scope);
  [[noreturn]] void trace(const Interest& interest, const Scope& scope, pid_t reader, int report);

  Coverage coverage_;
  std::vector<sock_filter> filter_;
  std::unique_ptr<Shared> shared_;  // the memory that the tracer writes events to
  std::unique_ptr<RingReader> reader_;
  Pidfd tracer_;  // no child: it may outlive this, and is nobody's to wait for
  std::int64_t realtime_offset_ = 0;
  std::uint64_t delivered_ = 0;
  std::uint64_t last_look_ = 0;
  Pace pace_;
  bool was_killed_ = false;  // the tracer, and with it its last record may be
  bool stopped_ = false;
  bool drained_ = false;
};

}  // namespace socktap::sources
