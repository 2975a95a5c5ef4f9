#include "session/session.h"

#include <unistd.h>

#include <algorithm>
#include <string>

#include "base/clock.h"
#include "base/proc.h"
#include "event/derived.h"
#include "session/self_event.h"
#include "session/target_family.h"

namespace socktap::session {
namespace {

static_assert(plan::usual_entries == vm::Limits{}.max_map_entries);

constexpr std::uint64_t millisecond = 1'000'000;
constexpr std::uint64_t slice = 10 * millisecond;  // how long the source is left to wait at most
constexpr std::uint64_t long_slice = 3'600'000 * millisecond;  // where nothing is waited for
constexpr std::uint64_t flush_period = 50 * millisecond;  // output is never older than twice this
constexpr std::uint64_t between_looks = millisecond;      // at the clock and for signals
constexpr unsigned most_events_between_looks = 64;

bool asks_for_processes(const plan::Plan& plan) {
  return std::ranges::any_of(plan.points, [](const tapset::ProbePoint* point) {
    return point->operation == tapset::Operation::process;
  });
}

// Whether events are shown of which it is known what cgroup they are of.
bool shows_cgroups(const plan::Plan& plan, const vm::Code& code) {
  return plan.fields.contains(tapset::Field::cgroup) &&
         std::ranges::any_of(code.library_sites, [](const vm::LibrarySite& site) {
           return site.function == tapset::Function::print_event;
         });
}

class Run : private vm::Host {
 public:
  Run(const plan::Plan& plan, const vm::Code& code, const SourceMap& sources,
      sources::Source& source, sinks::Sink& sink, TargetProcess* target, const StopFlag& stop,
      const Options& options)
      : plan_(plan),
        source_(source),
        sink_(sink),
        target_(target),
        stop_(stop),
        options_(options),
        family_(asks_for_processes(plan) ? this->target() : 0),
        shows_cgroups_(shows_cgroups(plan, code)),
        dispatch_(plan),
        machine_(code, sources, options.limits, *this) {
    if (options.time_handlers) summary_.times.resize(plan.program->handlers.size());
    if (shows_cgroups_) cgroups();  // those that are gone when they are shown are known, too
  }

  Result<Summary> execute() {
    run_lifecycle(dispatch_.begins(), tell_moment(Moment::began, source_.now()));
    if (!ending_) source_.start_keeping(machine_.settled(plan_.tables));
    if (!ending_ && !stop_.requested() && target_ != nullptr) {
      if (auto gone = target_->let_go(source_.call_filter()); !gone)
        return broken_off(gone.error());
    }
    if (!ending_) tell_of_target();
    if (auto pumped = pump(); !pumped) return broken_off(pumped.error());
    if (auto finished = finish(); !finished) return broken_off(finished.error());
    return summary_;
  }

 private:
  // vm::Host
  void emit(const Record& record) override {
    if (record.event != nullptr) return show(record);
    if (record.kind == RecordKind::output) summary_.output_bytes += record.text.size();
    note_refusal(sink_.write(record));
  }
  void show(Record record) {
    ShownEvent event = *record.event;
    event.fields = plan_.fields;
    event.reached = reached_;
    if (shows_cgroups_ && record.kind == RecordKind::event) event.cgroups = &cgroups();
    record.event = &event;
    if (record.kind == RecordKind::event) ++summary_.events_shown;
    note_refusal(sink_.write(record));
  }
  CgroupNames& cgroups() override {
    return options_.cgroups != nullptr ? *options_.cgroups : Host::cgroups();
  }
  std::int64_t target() const override {
    return target_ != nullptr ? target_->pid() : options_.target_pid;
  }
  bool is_target_or_descendant(std::int64_t pid) const override {
    return target() != 0 && descends_from(pid, target());
  }

  // What was printed until then is still seen.
  Result<Summary> broken_off(const Error& error) {
    note_refusal(sink_.flush());
    return tl::unexpected(error);
  }

  void note_refusal(const Result<void>& result) {
    if (result || summary_.refusal) return;
    summary_.refusal = result.error();
    end_with(Ending::output_refused);
  }

  void end_with(Ending ending) {
    if (!ending_) ending_ = ending;
  }

  // Events and timers in the order of their times, until something ends the run.
  Result<void> pump() {
    const std::uint64_t start = tell_moment(Moment::started, source_.now());
    reached_ = start;
    const std::uint64_t limit = options_.duration_ns ? start + *options_.duration_ns : UINT64_MAX;
    Timers timers(*plan_.program, start);
    last_flush_ = last_look_ = start;
    while (!ending_) {
      const std::uint64_t now = source_.now();
      std::uint64_t deadline = std::min(now + (options_.is_unpaced ? long_slice : slice), limit);
      if (const auto due = timers.next_due()) deadline = std::min(deadline, *due);
      if (auto delivered = deliver_until(deadline); !delivered) return delivered;
      // A table or recording that ends takes no time to its deadline.
      const std::uint64_t reached = std::min(deadline, source_.now());
      // Stopped in between, events that precede a timer are still to come.
      const bool delivered_all = !stop_.requested();
      while (!ending_ && delivered_all && timers.next_due().value_or(UINT64_MAX) <= reached) {
        if (auto ran = run_timer(timers.take(source_.now())); !ran) return ran;
      }
      if (source_.has_no_room())
        if (auto merged = merge_kept(); !merged) return merged;
      flush_if_due(source_.now());
      check_for_end(limit, deadline);
    }
    return {};
  }

  Result<void> deliver_until(std::uint64_t deadline) {
    while (!ending_) {
      const auto event = source_.next(deadline);
      if (!event) return tl::unexpected(event.error());
      if (*event == nullptr) {
        reached_ = deadline;
        return {};
      }
      deliver(**event);
      if (stop_.requested()) return {};
    }
    return {};
  }

  void deliver(const Event& event) {
    ++summary_.events;
    handle(event);
    if (++events_since_look_ >= events_between_looks_) look();
  }

  // Once in so many events as take about a millisecond: the clock costs as much as a small handler.
  void look() {
    const std::uint64_t now = source_.now();
    events_between_looks_ = now - last_look_ > between_looks
                                ? std::max(events_between_looks_ / 2, 1U)
                                : std::min(events_between_looks_ * 2, most_events_between_looks);
    last_look_ = now;
    events_since_look_ = 0;
    flush_if_due(now);
  }

  void check_for_end(std::uint64_t limit, std::uint64_t deadline) {
    if (ending_) return;
    if (stop_.requested()) return end_after_draining(Ending::stopped);
    if (deadline >= limit) return end_after_draining(Ending::timed_out);
    if (target_ != nullptr && target_->has_ended()) return end_after_draining(Ending::target_ended);
    if (source_.finished()) end_with(Ending::source_finished);
  }

  // What had happened by now is still handled; what the source refuses is lost with it.
  void end_after_draining(Ending ending) {
    source_.stop();
    const std::uint64_t now = source_.now();  // after stopping: what came until then is delivered
    while (!ending_) {
      const auto event = source_.next(now);
      if (!event || *event == nullptr) break;
      deliver(**event);
    }
    end_with(ending);
  }

  // The target of -x was there before the run.
  void tell_of_target() {
    if (target_ != nullptr || target() == 0 || options_.is_replay || !asks_for_processes(plan_))
      return;
    if (const auto begun = begun_process(target(), source_.now())) handle(*begun);
  }

  void handle(const Event& event) {
    if (operation_of(event) == tapset::Operation::process && !family_.includes(event)) return;
    const bool is_done = is_kept(event);
    for (const Firing& firing : dispatch_.firings(event)) {
      if ((is_done && firing.in_kernel) || !concerns(*firing.point, event)) continue;
      ++summary_.handled;
      run_handler(firing, event, /*lifecycle=*/false);
      if (ending_) return;
    }
  }

  Result<void> run_timer(const Timers::Due& due) {
    if (plan_.handlers[due.firing.handler].finds_merged)
      if (auto merged = merge_kept(); !merged) return merged;
    if (ending_) return {};
    const Event event = self_event(due.time);
    run_handler(due.firing, event, /*lifecycle=*/false);
    return {};
  }

  // What was kept until now, and the events that were delivered beside it.
  Result<void> merge_kept() {
    const std::uint64_t now = source_.now();
    const Result<plan::Partials> kept = source_.take_kept();
    if (!kept) return tl::unexpected(kept.error());
    if (!ended_)
      if (auto delivered = deliver_until(now); !delivered) return delivered;
    for (const vm::RuntimeError& error : machine_.merge(*kept)) count_error(error);
    return {};
  }

  // For those who would run it again as it was.
  std::uint64_t tell_moment(Moment moment, std::uint64_t time) {
    note_refusal(sink_.write({.kind = RecordKind::moment, .count = time, .moment = moment}));
    return time;
  }

  void run_lifecycle(const std::vector<Firing>& firings, std::uint64_t time,
                     bool until_too_many_errors = false) {
    for (const Firing& firing : firings) {
      if (until_too_many_errors && too_many_errors()) return;
      const Event event = self_event(time);
      run_handler(firing, event, /*lifecycle=*/true);
      if (ending_ && !ended_) return;
    }
  }

  void run_handler(const Firing& firing, const Event& event, bool lifecycle) {
    const vm::Occasion occasion{
        &event, firing.point, firing.text, firing.name, source_.realtime_offset(), lifecycle};
    const auto error = options_.time_handlers ? run_timed(firing.handler, occasion)
                                              : machine_.run(firing.handler, occasion);
    if (error) count_error(*error);
    if (machine_.exit_requested()) end_with(Ending::exit_called);
  }

  void count_error(const vm::RuntimeError& error) {
    ++summary_.errors;
    if (!options_.suppress_errors) tell(error.message);
    if (too_many_errors()) end_with(Ending::script_failed);
  }

  std::optional<vm::RuntimeError> run_timed(std::uint32_t handler, const vm::Occasion& occasion) {
    const std::uint64_t begin = read_clock(CLOCK_MONOTONIC);
    auto error = machine_.run(handler, occasion);
    summary_.times[handler].add(read_clock(CLOCK_MONOTONIC) - begin);
    return error;
  }

  void tell(std::string_view error) {
    if (error.ends_with('\n')) error.remove_suffix(1);  // error("that's it\n")
    emit({RecordKind::error, error});
  }

  bool too_many_errors() const {
    return !options_.suppress_errors &&
           summary_.errors > static_cast<std::uint64_t>(options_.limits.max_errors);
  }

  // After the last event: `end` handlers, or `error` handlers when the script failed, if only in
  // one of these.
  Result<void> finish() {
    tell_moment(Moment::reached, reached_);
    source_.stop();
    ended_ = true;
    const std::uint64_t end = tell_moment(Moment::ended, source_.now());
    summary_.ending = *ending_;
    note_refusal(sink_.flush());  // the last handlers may take their time
    // Who called exit() has found merged what was kept until then; what came later does not count.
    // Handlers of errors look at nothing that is kept.
    if (*ending_ != Ending::exit_called && *ending_ != Ending::script_failed)
      if (auto merged = merge_kept(); !merged) return merged;
    if (!too_many_errors()) run_lifecycle(dispatch_.ends(), end, /*until_too_many_errors=*/true);
    if (too_many_errors()) {
      run_lifecycle(dispatch_.errors(), end);
    } else {
      machine_.print_unread_globals();
    }
    note_refusal(sink_.flush());
    summary_.source = source_.statistics();
    // How a command fares that was interrupted or left behind is not the run's outcome.
    if (summary_.ending == Ending::target_ended && !stop_.requested())
      summary_.target_status = target_->status();
    return {};
  }

  void flush_if_due(std::uint64_t now) {
    if (now - last_flush_ < flush_period) return;
    last_flush_ = now;
    note_refusal(sink_.flush());
  }

  const plan::Plan& plan_;
  sources::Source& source_;
  sinks::Sink& sink_;
  TargetProcess* target_;
  const StopFlag& stop_;
  const Options& options_;
  TargetFamily family_;
  const bool shows_cgroups_;
  Dispatch dispatch_;
  vm::Machine machine_;
  Summary summary_;
  std::optional<Ending> ending_;
  bool ended_ = false;         // finish() has begun: its handlers all run
  std::uint64_t reached_ = 0;  // until then everything has been delivered
  std::uint64_t last_flush_ = 0;
  std::uint64_t last_look_ = 0;
  unsigned events_since_look_ = 0;
  unsigned events_between_looks_ = 1;
};

}  // namespace

void HandlerTimes::add(std::uint64_t duration) {
  shortest = runs == 0 ? duration : std::min(shortest, duration);
  longest = std::max(longest, duration);
  total += duration;
  ++runs;
}

Result<Summary> run(const plan::Plan& plan, const vm::Code& code, const SourceMap& sources,
                    sources::Source& source, sinks::Sink& sink, TargetProcess* target,
                    const StopFlag& stop, const Options& options) {
  return Run(plan, code, sources, source, sink, target, stop, options).execute();
}

Result<void> write_losses(const Losses& losses, bool zeros_too, sinks::Sink& sink) {
  for (std::size_t i = 0; i < loss_kinds; ++i) {
    const auto kind = static_cast<Loss>(i);
    if (losses[kind] == 0 && !zeros_too) continue;
    const Record record{.kind = RecordKind::loss, .count = losses[kind], .loss = kind};
    if (auto written = sink.write(record); !written) return written;
  }
  return sink.flush();
}

}  // namespace socktap::session
