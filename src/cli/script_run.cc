#include "cli/script_run.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <memory>

#include "cli/command.h"
#include "cli/message.h"
#include "cli/priority.h"
#include "cli/progress.h"
#include "cli/report.h"
#include "cli/self_traffic.h"
#include "cli/signals.h"
#include "session/limits.h"
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
  if (auto visible = sources::check_visibility(coverage); !visible)
    return fail(visible.error(), exit_no_source);
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

Result<void> print_times(const session::Summary& summary, const session::Runnable& runnable,
                         const SourceMap& texts, sinks::Sink& sink) {
  const std::string text = times_report(summary, runnable.program, texts);
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

// Its steps, one after the other; each may end it.
class ScriptRun {
 public:
  ScriptRun(const RunOptions& options, const Surroundings& around, sources::Source& source)
      : options_(options), around_(around), source_(source) {}

  int execute() {
    for (const Step step : {&ScriptRun::read_limits, &ScriptRun::compile, &ScriptRun::open_output,
                            &ScriptRun::start, &ScriptRun::observe})
      if (const auto status = (this->*step)()) return *status;
    return run();
  }

 private:
  // The exit status, where there is nothing left to do but to end.
  using Ended = std::optional<int>;
  using Step = Ended (ScriptRun::*)();

  Ended read_limits() {
    const auto parsed = session::parse_limits(options_.definitions);
    if (!parsed) return fail(parsed.error(), exit_usage);
    for (const std::string& name : parsed->ignored)
      if (options_.verbose > 0) print_note("-D " + name + " means nothing here");
    limits_ = parsed->limits;
    return {};
  }

  Ended compile() {
    auto script = read_script(options_.script);
    if (!script) return fail(script.error(), exit_usage);
    script_ = std::move(*script);
    const bool quiet = options_.quiet || !options_.warnings;
    const bool records = options_.recording.file.has_value();
    auto program = compile_script(*script_, options_.script, quiet || records);
    if (!program) return exit_script_failed;
    if (records) {
      if (auto added = add_recorder(*script_, *program); !added)
        return fail(added.error(), exit_usage);
      program = compile_script(*script_, options_.script, quiet);
      if (!program) return exit_script_failed;
    }
    const plan::Capabilities capabilities =
        runs_in_user_space(options_, limits_) ? plan::Capabilities{} : source_.capabilities();
    runnable_ = session::make_runnable(std::move(*program), capabilities, limits_,
                                       {.printed = fields_shown(options_.output)});
    return {};
  }

  Ended open_output() {
    auto output = Output::open(options_.output, options_.warnings);
    if (!output) return fail(output.error(), exit_usage);
    output_ = std::move(*output);
    return {};
  }

  // The command, held, and who is told of signals.
  Ended start() {
    if (around_.stop == nullptr) signals_.emplace(own_stop_);
    if (around_.target != nullptr) return {};
    auto started = start_target(options_);
    if (!started) return fail(started.error(), exit_usage);
    if (*started) own_target_.emplace(std::move(**started));
    return {};
  }

  Ended observe() {
    if (!options_.why_this_source.empty() && !options_.quiet && !plan().points.empty())
      print_note(options_.why_this_source);
    scope_ = scope_of(options_, target());
    if (auto attached = source_.attach(plan(), scope_); !attached)
      return fail(attached.error(), exit_no_source);
    if (const int refused = judge_coverage(source_.coverage(), options_)) return refused;
    if (around_.attached && !around_.attached(source_)) return exit_usage;
    warn_of_self_traffic(plan(), options_, is_scoped());
    return {};
  }

  int run() {
    sinks::Sink& behind = has_own_sink()
                              ? begin_output(*output_, options_, plan(), source_, scope_.target)
                              : *around_.sink;
    // On a terminal the script's own lines show how it goes.
    Progress progress(!options_.quiet && options_.status_lines && has_own_sink() &&
                      (options_.output.is_silent || ::isatty(STDOUT_FILENO) != 1));
    ProgressSink sink(behind, progress, progress_text(*output_, around_));
    announce(plan(), source_.coverage(), options_);
    take_turns_promptly();
    static_cast<void>(sink.write({.kind = RecordKind::attached, .count = plan().points.size()}));
    const auto summary = session::run(plan(), runnable_->code, script_->sources, source_, sink,
                                      target(), around_.stop != nullptr ? *around_.stop : own_stop_,
                                      session_options(options_, limits_));
    progress.clear();
    if (!summary) {  // what came until then is whole, as far as it goes
      if (has_own_sink()) static_cast<void>(output_->finish());
      return fail(summary.error(), exit_script_failed);
    }
    if (around_.summary != nullptr) *around_.summary = *summary;
    if (auto finished = finish(*summary, sink); !finished)
      return fail(finished.error(), exit_script_failed);
    return report(*summary, options_, is_scoped());
  }

  // What follows the script's own output.
  Result<void> finish(const session::Summary& summary, sinks::Sink& sink) {
    if (options_.time_handlers && !summary.refusal)
      if (auto printed = print_times(summary, *runnable_, script_->sources, sink); !printed)
        return printed;
    if (!summary.refusal)
      if (auto written = session::write_losses(summary.source.losses, options_.verbose > 0, sink);
          !written)
        return written;
    if (!has_own_sink()) return {};
    if (auto finished = output_->finish(); !finished) return finished;
    if (const sinks::Recording* recording = output_->recording(); recording && !options_.quiet)
      print_note(recorded_line(*recording, *options_.recording.file));
    return {};
  }

  const plan::Plan& plan() const { return runnable_->plan; }
  bool is_scoped() const { return !scope_.roots.empty(); }
  bool has_own_sink() const { return around_.sink == nullptr; }
  session::TargetProcess* target() { return own_target_ ? &*own_target_ : around_.target; }

  const RunOptions& options_;
  const Surroundings& around_;
  sources::Source& source_;
  vm::Limits limits_;
  std::unique_ptr<Script> script_;
  std::unique_ptr<const session::Runnable> runnable_;
  std::unique_ptr<Output> output_;
  session::StopFlag own_stop_;
  std::optional<SignalHandling> signals_;
  std::optional<session::TargetProcess> own_target_;
  sources::Scope scope_;
};

}  // namespace

int run_script(const RunOptions& options, const Surroundings& around, sources::Source& source) {
  return ScriptRun(options, around, source).execute();
}

}  // namespace socktap::cli
