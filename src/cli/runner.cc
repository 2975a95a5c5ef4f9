#include "cli/runner.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <memory>

#include "cli/command.h"
#include "cli/message.h"
#include "cli/passes.h"
#include "cli/priority.h"
#include "cli/progress.h"
#include "cli/report.h"
#include "cli/self_traffic.h"
#include "cli/signals.h"
#include "cli/source_choice.h"
#include "session/limits.h"
#include "session/session.h"
#include "session/source_choice.h"
#include "sources/coverage_text.h"

namespace socktap::cli {
namespace {

void warn(const RunOptions& options, std::string_view text) {
  if (options.warnings) print_warning(text);
}

int fail(const Error& error, int status) {
  print_error(error);
  return status;
}

struct Prepared {
  std::unique_ptr<Script> script;
  std::unique_ptr<const session::Runnable> runnable;
};

// What is wrong is printed, and the exit status comes back.
tl::expected<Prepared, int> prepare(const RunOptions& options,
                                    const plan::Capabilities& capabilities,
                                    const vm::Limits& limits, plan::Shown shown) {
  auto script = read_script(options.script);
  if (!script) return tl::unexpected(fail(script.error(), exit_usage));
  const bool quiet = options.quiet || !options.warnings;
  const bool records = options.recording.file.has_value();
  auto program = compile_script(**script, options.script, quiet || records);
  if (!program) return tl::unexpected<int>(exit_script_failed);
  if (records) {
    if (auto added = add_recorder(**script, *program); !added)
      return tl::unexpected(fail(added.error(), exit_usage));
    program = compile_script(**script, options.script, quiet);
    if (!program) return tl::unexpected<int>(exit_script_failed);
  }
  auto runnable = session::make_runnable(std::move(*program), capabilities, limits, shown);
  return Prepared{std::move(*script), std::move(runnable)};
}

Result<std::optional<session::TargetProcess>> start_target(const RunOptions& options) {
  using session::TargetProcess;
  if (!options.command && options.command_words.empty()) return std::optional<TargetProcess>();
  auto target = options.command ? TargetProcess::start(*options.command, options.user)
                                : TargetProcess::start(options.command_words, options.user);
  if (!target) return tl::unexpected(target.error());
  return std::optional<TargetProcess>(std::move(*target));
}

sources::Scope scope_of(const RunOptions& options, const session::TargetProcess* target) {
  sources::Scope scope;
  scope.include_self = options.self;
  scope.target = target ? target->pid() : static_cast<pid_t>(options.pid.value_or(0));
  if (options.all) return scope;
  if (target) scope.roots.push_back(target->pid());
  if (target) scope.held = target->pid();
  if (options.pid) scope.roots.push_back(*options.pid);
  scope.roots.insert(scope.roots.end(), options.roots.begin(), options.roots.end());
  return scope;
}

// The command's failure is the run's, as SystemTap has it.
int target_exit_status(int wait_status, const RunOptions& options) {
  if (WIFSIGNALED(wait_status)) {
    warn(options, fmt::format("Child process exited with signal {}", WTERMSIG(wait_status)));
    return exit_script_failed;
  }
  if (WEXITSTATUS(wait_status) != 0) {
    warn(options, fmt::format("Child process exited with status {}", WEXITSTATUS(wait_status)));
    return exit_script_failed;
  }
  return exit_done;
}

bool has_status_lines(const RunOptions& options) {
  return options.status_lines && !options.quiet && ::isatty(STDERR_FILENO) == 1;
}

int report(const session::Summary& summary, const RunOptions& options, bool scoped) {
  if (options.verbose > 0) print_note(totals_line(summary));
  for (const LossLine& line : loss_lines(summary.source.losses)) {
    if (line.happened) warn(options, line.text);
    if (!line.happened && options.verbose > 0) print_note(line.text);
  }
  if (summary.errors > 0) {
    warn(options, fmt::format("Number of errors: {}, skipped probes: 0", summary.errors));
  }
  const bool closed_pipe = summary.refusal && summary.refusal->code == EPIPE;
  if (summary.refusal && !closed_pipe) return fail(*summary.refusal, exit_script_failed);
  if (summary.ending == session::Ending::script_failed) return exit_script_failed;
  // Also of errors that MAXERRORS allows.
  if (summary.errors > 0 && !options.script.suppress_handler_errors) return exit_script_failed;
  const bool is_silent = summary.output_bytes + summary.events_shown == 0;
  if (is_silent && !options.output.is_silent && has_status_lines(options)) {
    print_note(silence_line(summary, scoped));
  }
  return summary.target_status ? target_exit_status(*summary.target_status, options) : exit_done;
}

// What is blind or counted twice is said before the run; with --strict there is none then, nor
// where nothing is left to be seen. 0: go on.
int judge_coverage(const sources::Coverage& coverage, const RunOptions& options) {
  const auto warnings = sources::coverage_warnings(coverage);
  for (const std::string& warning : warnings) warn(options, warning);
  if (sources::sees_nothing(coverage)) {
    return fail({"nothing that the script asks for can be observed here",
                 "socktap doctor shows what can be, and what would help"},
                exit_no_source);
  }
  if (options.script.strict && !warnings.empty()) {
    return fail({"not all that the script asks for is seen exactly once",
                 "without --strict it runs with what is seen"},
                exit_script_failed);
  }
  return 0;
}

// A run over everything whose output makes events is told how to leave them out.
void warn_of_self_traffic(const plan::Plan& plan, const RunOptions& options, bool scoped) {
  if (options.quiet || !options.status_lines || !options.warnings) return;
  if (options.output.file || options.replayed_target || scoped || plan.points.empty()) return;
  if (const auto advice = self_traffic_advice(STDOUT_FILENO)) print_warning(*advice);
}

void announce(const plan::Plan& plan, const sources::Coverage& coverage,
              const RunOptions& options) {
  for (const std::string& refusal : coverage.refusals) warn(options, refusal);
  if (options.verbose > 0)
    for (const std::string& note : sources::coverage_notes(coverage)) print_note(note);
  if (options.verbose > 0 || has_status_lines(options))
    for (const std::string& limit : coverage.limits) print_note("here, " + limit);
  if (has_status_lines(options)) print_note(ready_line(plan, coverage));
}

Result<void> print_times(const session::Summary& summary, const Prepared& prepared,
                         sinks::Sink& sink) {
  const std::string text =
      times_report(summary, prepared.runnable->program, prepared.script->sources);
  if (auto written = sink.write({RecordKind::output, text}); !written) return written;
  return sink.flush();
}

session::Options session_options(const RunOptions& options, const vm::Limits& limits) {
  session::Options session;
  session.limits = limits;
  session.target_pid = options.replayed_target.value_or(options.pid.value_or(0));
  session.cgroups = options.recorded_cgroups;
  session.is_unpaced = options.replayed_target.has_value() && !options.recording.speed;
  session.is_replay = options.replayed_target.has_value();
  session.time_handlers = options.time_handlers;
  session.suppress_errors = options.script.suppress_handler_errors;
  if (options.seconds) session.duration_ns = static_cast<std::uint64_t>(*options.seconds * 1e9);
  return session;
}

// What was lost, for those who read the output by machine.
Result<void> write_losses(const Losses& losses, bool zeros_too, sinks::Sink& sink) {
  for (std::size_t i = 0; i < loss_kinds; ++i) {
    const auto kind = static_cast<Loss>(i);
    if (losses[kind] == 0 && !zeros_too) continue;
    const Record record{.kind = RecordKind::loss, .count = losses[kind], .loss = kind};
    if (auto written = sink.write(record); !written) return written;
  }
  return sink.flush();
}

// What there is to say of how far the run has come; empty: nothing.
std::function<std::string()> progress_text(const Output& output, const Surroundings& around) {
  if (around.progress) return around.progress;
  if (const sinks::Recording* recording = output.recording())
    return [recording] { return fmt::format("{} events recorded", recording->events()); };
  return {};
}

sinks::Sink& begin_output(Output& output, const RunOptions& options, const plan::Plan& plan,
                          const sources::Source& source, pid_t target) {
  if (!options.recording.file) return output.begin(plan.points);
  const std::string command =
      options.command ? *options.command : fmt::format("{}", fmt::join(options.command_words, " "));
  return output.begin(plan.points, *options.recording.file, options.recording.rotation,
                      facts_of(plan, source, command, target));
}

// To time the handlers is to run them, and errors that end nothing but their handler are found only
// where that is.
bool runs_in_user_space(const RunOptions& options, const vm::Limits& limits) {
  // A recording is run in user space, too, and merges nothing at other moments.
  return options.placement == "user" || options.time_handlers || options.recording.file ||
         options.script.suppress_handler_errors || !session::leave_room_for_kernel(limits);
}

}  // namespace

int run_script(const RunOptions& options, const Surroundings& around, sources::Source& source) {
  const auto limits = session::parse_limits(options.definitions);
  if (!limits) return fail(limits.error(), exit_usage);
  for (const std::string& name : limits->ignored) {
    if (options.verbose > 0) print_note("-D " + name + " means nothing here");
  }
  const plan::Capabilities capabilities =
      runs_in_user_space(options, limits->limits) ? plan::Capabilities{} : source.capabilities();
  const auto prepared =
      prepare(options, capabilities, limits->limits, {.printed = fields_shown(options.output)});
  if (!prepared) return prepared.error();
  const session::Runnable& runnable = *prepared->runnable;
  auto output = Output::open(options.output, options.warnings);
  if (!output) return fail(output.error(), exit_usage);

  session::StopFlag own_stop;
  std::optional<SignalHandling> signals;
  if (around.stop == nullptr) signals.emplace(own_stop);
  const session::StopFlag& stop = around.stop != nullptr ? *around.stop : own_stop;
  auto started =
      around.target != nullptr ? std::optional<session::TargetProcess>() : start_target(options);
  if (!started) return fail(started.error(), exit_usage);
  session::TargetProcess* const target = *started ? &**started : around.target;

  if (!options.why_this_source.empty() && !options.quiet && !runnable.plan.points.empty())
    print_note(options.why_this_source);
  const sources::Scope scope = scope_of(options, target);
  if (auto attached = source.attach(runnable.plan, scope); !attached) {
    return fail(attached.error(), exit_no_source);
  }
  if (const int refused = judge_coverage(source.coverage(), options)) return refused;
  if (around.attached && !around.attached(source)) return exit_usage;
  warn_of_self_traffic(runnable.plan, options, !scope.roots.empty());
  sinks::Sink& behind = around.sink != nullptr
                            ? *around.sink
                            : begin_output(**output, options, runnable.plan, source, scope.target);
  // On a terminal the script's own lines show how it goes.
  Progress progress(!options.quiet && options.status_lines && around.sink == nullptr &&
                    (options.output.is_silent || ::isatty(STDOUT_FILENO) != 1));
  ProgressSink sink(behind, progress, progress_text(**output, around));
  announce(runnable.plan, source.coverage(), options);

  take_turns_promptly();
  static_cast<void>(
      sink.write({.kind = RecordKind::attached, .count = runnable.plan.points.size()}));
  const auto summary = session::run(runnable.plan, runnable.code, prepared->script->sources, source,
                                    sink, target, stop, session_options(options, limits->limits));
  progress.clear();
  if (!summary) {  // what came until then is whole, as far as it goes
    if (around.sink == nullptr) static_cast<void>((*output)->finish());
    return fail(summary.error(), exit_script_failed);
  }
  if (around.summary != nullptr) *around.summary = *summary;
  if (options.time_handlers && !summary->refusal)
    if (auto printed = print_times(*summary, *prepared, sink); !printed)
      return fail(printed.error(), exit_script_failed);
  if (!summary->refusal)
    if (auto written = write_losses(summary->source.losses, options.verbose > 0, sink); !written)
      return fail(written.error(), exit_script_failed);
  if (around.sink == nullptr) {
    if (auto finished = (*output)->finish(); !finished)
      return fail(finished.error(), exit_script_failed);
    if (const sinks::Recording* recording = (*output)->recording(); recording && !options.quiet)
      print_note(recorded_line(*recording, *options.recording.file));
  }
  return report(*summary, options, !scope.roots.empty());
}

int run_or_stop(const RunOptions& options) {
  for (const std::string& note : options.notes) {
    if (options.verbose > 0) print_note(note);
  }
  constexpr int run_pass = 5;
  const int last = options.last_pass.value_or(run_pass);
  if (last < run_pass) {
    if (const auto limits = session::parse_limits(options.definitions); !limits)
      return fail(limits.error(), exit_usage);
    return run_passes(options.script, last, options.quiet || !options.warnings);
  }
  return run_script(options);
}

// Only the target is traced where eBPF is refused, unless everything was asked for.
bool can_be_by_ptrace(const RunOptions& options) {
  const bool has_target =
      options.command || !options.command_words.empty() || options.pid || !options.roots.empty();
  return has_target && (!options.all || options.all_if_possible);
}

int replay_script(const RunOptions& options, const Surroundings& around) {
  auto source = sources::ReplaySource::open(*options.recording.from);
  if (!source) return fail(source.error(), exit_usage);
  if (options.recording.speed) source->set_speed(*options.recording.speed);
  if (source->was_broken_off() && options.warnings)
    print_warning("the recording " + *options.recording.from +
                  " was broken off: its last moments and what was lost are not in it");
  RunOptions replay = options;
  replay.replayed_target = source->facts().target;
  CgroupNames cgroups = CgroupNames::of(source->cgroups());
  replay.recorded_cgroups = &cgroups;
  Surroundings with_progress = around;
  with_progress.progress = [&source] {
    return fmt::format("{} % of {} events replayed",
                       source->events_read() * 100 / std::max<std::uint64_t>(source->events(), 1),
                       source->events());
  };
  return run_script(replay, with_progress, *source);
}

int run_script(const RunOptions& options, const Surroundings& around) {
  if (auto checked = check_replay(options); !checked) return fail(checked.error(), exit_usage);
  if (options.recording.from) return replay_script(options, around);
  const std::size_t ring_bytes = std::size_t{options.buffer_megabytes.value_or(0)} << 20;
  auto chosen = session::choose_source(options.source, ring_bytes, can_be_by_ptrace(options));
  if (!chosen) return fail(chosen.error(), exit_usage);
  if (!chosen->is_ptrace) return run_script(options, around, *chosen->source);
  RunOptions by_ptrace = options;
  by_ptrace.all = options.all && !options.all_if_possible;
  if (!chosen->reason.empty())
    by_ptrace.why_this_source = (options.all ? "only the target is traced, " : "") + chosen->reason;
  return run_script(by_ptrace, around, *chosen->source);
}

}  // namespace socktap::cli
