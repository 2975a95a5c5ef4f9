#include "cli/runner.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <memory>

#include "base/unique_fd.h"
#include "cli/command.h"
#include "cli/limits.h"
#include "cli/message.h"
#include "cli/priority.h"
#include "cli/report.h"
#include "cli/self_traffic.h"
#include "cli/signals.h"
#include "session/session.h"
#include "sinks/text_sink.h"
#include "sources/ebpf/ebpf_source.h"
#include "vm/compile.h"

namespace socktap::cli {
namespace {

int fail(const Error& error, int status) {
  print_error(error);
  return status;
}

sources::EbpfOptions source_options(const RunOptions& options) {
  sources::EbpfOptions source;
  source.disabled_strategies = options.disabled_strategies;
  if (options.buffer_megabytes)
    source.sizes.ring_bytes = std::size_t{*options.buffer_megabytes} << 20;
  return source;
}

Result<std::optional<session::TargetProcess>> start_target(const RunOptions& options) {
  using session::TargetProcess;
  if (!options.command && options.command_words.empty()) return std::optional<TargetProcess>();
  auto target = options.command ? TargetProcess::start(*options.command, options.user)
                                : TargetProcess::start(options.command_words, options.user);
  if (!target) return tl::unexpected(target.error());
  return std::optional<TargetProcess>(std::move(*target));
}

sources::Scope scope_of(const RunOptions& options,
                        const std::optional<session::TargetProcess>& target) {
  sources::Scope scope;
  scope.include_self = options.self;
  if (options.all) return scope;
  if (target) scope.roots.push_back(target->pid());
  if (options.pid) scope.roots.push_back(*options.pid);
  return scope;
}

// The command's failure is the run's, as SystemTap has it.
int target_exit_status(int wait_status) {
  if (WIFSIGNALED(wait_status)) {
    print_warning(fmt::format("Child process exited with signal {}", WTERMSIG(wait_status)));
    return exit_script_failed;
  }
  if (WEXITSTATUS(wait_status) != 0) {
    print_warning(fmt::format("Child process exited with status {}", WEXITSTATUS(wait_status)));
    return exit_script_failed;
  }
  return exit_done;
}

int report(const session::Summary& summary, const RunOptions& options, bool scoped) {
  for (const std::string& line : loss_lines(summary.source.losses, options.verbose > 0)) {
    print_warning(line);
  }
  if (summary.errors > 0) {
    print_warning(fmt::format("Number of errors: {}, skipped probes: 0", summary.errors));
  }
  const bool closed_pipe = summary.refusal && summary.refusal->code == EPIPE;
  if (summary.refusal && !closed_pipe) return fail(*summary.refusal, exit_script_failed);
  if (summary.ending == session::Ending::script_failed) return exit_script_failed;
  if (summary.output_bytes == 0 && !options.quiet && ::isatty(STDERR_FILENO) == 1) {
    print_note(silence_line(summary, scoped));
  }
  return summary.target_status ? target_exit_status(*summary.target_status) : exit_done;
}

// A path that is blind or counted twice is said before the run; with --strict it is not run.
Result<void> judge_coverage(const sources::Coverage& coverage, const RunOptions& options) {
  const auto warnings = coverage_warnings(coverage);
  for (const std::string& warning : warnings) {
    if (options.script.strict)
      return failure(warning, "--strict refuses what cannot be seen exactly once");
    print_warning(warning);
  }
  return {};
}

void say_ready(const plan::Plan& plan, const sources::Coverage& coverage, const RunOptions& options,
               bool scoped) {
  if (options.quiet || ::isatty(STDERR_FILENO) != 1) return;
  if (!scoped && !options.output) {
    if (const auto advice = self_traffic_advice(STDOUT_FILENO)) print_warning(*advice);
  }
  print_note(ready_line(plan, coverage));
}

Result<UniqueFd> open_output(const RunOptions& options) {
  if (!options.output) return UniqueFd();
  UniqueFd file(::open(options.output->c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (!file.valid()) return system_failure("cannot write " + *options.output, errno);
  return file;
}

}  // namespace

int run_script(const RunOptions& options) {
  const auto limits = parse_limits(options.definitions);
  if (!limits) return fail(limits.error(), exit_usage);
  for (const std::string& name : limits->ignored) {
    if (options.verbose > 0) print_note("-D " + name + " means nothing here");
  }
  auto script = read_script(options.script);
  if (!script) return fail(script.error(), exit_usage);
  const auto program = compile_script(**script, options.quiet);
  if (!program) return exit_script_failed;

  sources::EbpfSource source(source_options(options));
  const plan::Plan plan = plan::make_plan(*program, source.capabilities());
  const vm::Code code = vm::compile(*program);
  if (const Diagnostics patterns = vm::check_patterns(code); patterns.has_errors()) {
    print_diagnostics(patterns, (*script)->sources);
    return exit_script_failed;
  }

  const auto file = open_output(options);
  if (!file) return fail(file.error(), exit_usage);
  sinks::TextSink sink(file->valid() ? file->get() : STDOUT_FILENO, STDERR_FILENO);

  session::StopFlag stop;
  install_signal_handlers(stop);
  auto target = start_target(options);
  if (!target) return fail(target.error(), exit_usage);

  const sources::Scope scope = scope_of(options, *target);
  if (auto attached = source.attach(plan, scope); !attached) {
    return fail(attached.error(), exit_no_source);
  }
  if (auto judged = judge_coverage(source.coverage(), options); !judged) {
    return fail(judged.error(), exit_script_failed);
  }
  say_ready(plan, source.coverage(), options, !scope.roots.empty());

  take_turns_promptly();

  session::Options session_options;
  session_options.limits = limits->limits;
  session_options.target_pid = options.pid.value_or(0);
  if (options.seconds)
    session_options.duration_ns = static_cast<std::uint64_t>(*options.seconds * 1e9);
  const auto summary = session::run(plan, code, (*script)->sources, source, sink,
                                    *target ? &**target : nullptr, stop, session_options);
  if (!summary) return fail(summary.error(), exit_script_failed);
  return report(*summary, options, !scope.roots.empty());
}

}  // namespace socktap::cli
