// Where events come from. Implementations: eBPF, ptrace, synthetic; replay is to follow.
#pragma once

#include <linux/filter.h>
#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "event/event.h"
#include "event/loss.h"
#include "plan/capabilities.h"
#include "plan/partial.h"
#include "plan/plan.h"
#include "plan/tables.h"
#include "sources/coverage.h"

namespace socktap::sources {

// Whose events are wanted.
struct Scope {
  std::vector<pid_t> roots;   // these processes and, from now on, their descendants; empty: all
  pid_t held = 0;             // the one of them that is the run's command, not let go yet; 0: none
  bool include_self = false;  // socktap's own threads too
  pid_t target = 0;           // what target() is to the script; 0: nobody
};

struct Statistics {
  std::uint64_t delivered = 0;  // events handed out by next()
  std::uint64_t filtered = 0;   // events of tasks outside the scope, where the source counts them
  std::uint64_t unwanted = 0;   // that do not meet the script's conditions
  std::uint64_t kept = 0;       // dealt with where they arose, and only there
  Losses losses;
};

// One thread uses a source: attach(), then next() until done, then stop(), next() to drain.
class Source {
 public:
  virtual ~Source() = default;

  virtual plan::Capabilities capabilities() const = 0;

  // Begins to observe what the plan needs. Calibrates before it returns; the calibration's own
  // events are never delivered.
  virtual Result<void> attach(const plan::Plan& plan, const Scope& scope) = 0;

  // What attach() found out. Valid until the next attach().
  virtual const Coverage& coverage() const = 0;

  // A filter of system calls that a command which is held must install before it runs, so that the
  // source sees them; empty: none. Valid until the next attach().
  virtual std::span<const sock_filter> call_filter() const { return {}; }

  // The next event whose time is at most `deadline` (ns, CLOCK_MONOTONIC), in event order; nullptr
  // once the clock has passed the deadline and every such event has been delivered, or when
  // finished(). Waits until then, no longer. The event is valid until the next call.
  virtual Result<const Event*> next(std::uint64_t deadline) = 0;

  // From here on handlers that the plan has run where events arise do so; until then, and where the
  // source cannot do that, or comes to one event within another, their events are delivered and not
  // marked as kept. With what the globals are that only begin handlers write.
  virtual void start_keeping(const plan::SettledValues&) {}

  // What they kept since the last call. Of an event that was both kept and delivered all or nothing
  // is in it, unless the event is of this very moment; after stop() all is.
  virtual Result<plan::Partials> take_kept() { return plan::Partials(); }

  // Something could not be kept: what was should be taken, so that the error is told at once.
  virtual bool has_no_room() const { return false; }

  // Ends observing. Events that were already made are still delivered by next().
  virtual void stop() = 0;

  // True when no further event can come: a synthetic or recorded source at its end, or any source
  // after stop() when everything was delivered.
  virtual bool finished() const = 0;

  virtual Statistics statistics() const = 0;

  // CLOCK_MONOTONIC now, or the source's own idea of it (synthetic, replay). ns.
  virtual std::uint64_t now() const = 0;

  // What to add to an event's time to get ns since 1970.
  virtual std::int64_t realtime_offset() const = 0;
};

}  // namespace socktap::sources
