#include "socktap/session.h"

#include <algorithm>
#include <utility>

#include "api/compilation.h"
#include "api/record_sink.h"
#include "session/limits.h"
#include "session/session.h"
#include "session/source_choice.h"
#include "session/stop_flag.h"
#include "session/target.h"
#include "sources/coverage_text.h"
#include "sources/replay/replay_source.h"

namespace socktap {
namespace {

using session::TargetProcess;

struct OpenedSource {
  std::unique_ptr<sources::Source> source;
  std::optional<CgroupNames> cgroups;  // of a recording
  pid_t target = 0;
};

Result<OpenedSource> open_recording(const std::string& path) {
  auto replay = sources::ReplaySource::open(path);
  if (!replay) return tl::unexpected(replay.error());
  auto source = std::make_unique<sources::ReplaySource>(std::move(*replay));
  CgroupNames cgroups = CgroupNames::of(source->cgroups());
  const auto target = static_cast<pid_t>(source->facts().target);
  return OpenedSource{std::move(source), std::move(cgroups), target};
}

Result<OpenedSource> open_source(const Options& options) {
  if (!options.recording.empty()) return open_recording(options.recording);
  const bool only_target = !options.command.empty() || options.process != 0;
  auto chosen =
      session::choose_source({.backend = options.backend}, options.buffer_bytes, only_target);
  if (!chosen) return tl::unexpected(chosen.error());
  return OpenedSource{std::move(chosen->source), std::nullopt, options.process};
}

Result<void> check(const Options& options) {
  if (!options.command.empty() && options.process != 0)
    return failure("a command and a process cannot both be observed", "one session each");
  if (!options.recording.empty() && (!options.command.empty() || options.process != 0))
    return failure("a recording has its own processes", "leave out the command and the process");
  return {};
}

Result<std::optional<TargetProcess>> start(const std::vector<std::string>& command) {
  if (command.empty()) return std::optional<TargetProcess>();
  auto started = TargetProcess::start(command, std::nullopt);
  if (!started) return tl::unexpected(started.error());
  return std::optional<TargetProcess>(std::move(*started));
}

sources::Scope scope_of(const Options& options, const TargetProcess* command) {
  const pid_t target = command != nullptr ? command->pid() : options.process;
  sources::Scope scope{.include_self = options.with_self, .target = target};
  if (target != 0) scope.roots.push_back(target);
  if (command != nullptr) scope.held = target;
  return scope;
}

session::Options options_of(const Options& options, const vm::Limits& limits,
                            OpenedSource& opened) {
  const bool is_replay = !options.recording.empty();
  session::Options run{.limits = limits, .target_pid = opened.target};
  if (options.duration.count() > 0)
    run.duration_ns = static_cast<std::uint64_t>(options.duration.count());
  if (opened.cgroups) run.cgroups = &*opened.cgroups;
  run.is_unpaced = run.is_replay = is_replay;
  return run;
}

Ending ending_of(session::Ending ending) {
  switch (ending) {
    case session::Ending::source_finished:
      return Ending::recording_finished;
    case session::Ending::exit_called:
      return Ending::exit_called;
    case session::Ending::stopped:
      return Ending::stopped;
    case session::Ending::timed_out:
      return Ending::timed_out;
    case session::Ending::target_ended:
      return Ending::command_ended;
    case session::Ending::script_failed:
      return Ending::script_failed;
    case session::Ending::output_refused:
      return Ending::output_refused;
  }
  return Ending::stopped;
}

std::vector<PathSeen> paths_of(const sources::Coverage& coverage) {
  static_assert(static_cast<int>(Visibility::exactly_once) ==
                static_cast<int>(sources::Verdict::exactly_once));
  static_assert(static_cast<int>(Visibility::not_verified) ==
                static_cast<int>(sources::Verdict::not_verified));
  std::vector<PathSeen> paths;
  for (const sources::PathCoverage& path : coverage.paths)
    if (path.verdict != sources::Verdict::not_needed)
      paths.push_back({describe(path), path.strategy, static_cast<Visibility>(path.verdict)});
  return paths;
}

Summary summary_of(const session::Summary& ran, const sources::Coverage& coverage) {
  return {.ending = ending_of(ran.ending),
          .events = ran.events + ran.source.kept,
          .handlers_run = ran.handled,
          .errors = ran.errors,
          .losses = ran.source.losses.counts,
          .paths = paths_of(coverage),
          .command_status = ran.target_status};
}

// What is not seen, before the run.
void tell_coverage(const sources::Coverage& coverage, sinks::Sink& sink) {
  for (const std::string& warning : sources::coverage_warnings(coverage))
    static_cast<void>(sink.write({RecordKind::warning, warning}));
}

}  // namespace

class Session::Implementation {
 public:
  explicit Implementation(Options options) : options_(std::move(options)) {}

  Result<void> add_script(std::string text, std::string name) {
    texts_.push_back({std::move(name), std::move(text)});
    auto compiled = compile();
    if (compiled) return {};
    texts_.pop_back();
    return tl::unexpected(compiled.error());
  }

  Result<void> on(const Subscription& subscription, Handler handler) {
    texts_.push_back(api::text_of(subscription, handlers_.size()));
    auto fields = compile().and_then([&](const auto& compilation) {
      return api::check_subscription(subscription, *compilation);
    });
    if (!fields) {
      texts_.pop_back();
      return tl::unexpected(fields.error());
    }
    handed_ |= *fields;
    handlers_.push_back(std::move(handler));
    return {};
  }

  const std::vector<std::string>& warnings() const { return warnings_; }
  void write_to(Sink& sink) { sink_ = &sink; }
  void stop() noexcept { stop_.request(1); }

  Result<Summary> run() {
    if (texts_.empty()) return failure("there is nothing to run", "add_script(), or on()");
    if (auto checked = check(options_); !checked) return tl::unexpected(checked.error());
    const auto limits = session::parse_limits(options_.limits);
    if (!limits) return tl::unexpected(limits.error());
    auto opened = open_source(options_);
    if (!opened) return tl::unexpected(opened.error());
    const auto compilation = compile();
    if (!compilation) return tl::unexpected(compilation.error());
    return run((*compilation)->script.sources, std::move((*compilation)->program), limits->limits,
               *opened);
  }

 private:
  Result<std::unique_ptr<api::Compilation>> compile() {
    auto compilation = api::compile(texts_, options_);
    if (!compilation) return compilation;
    warnings_.clear();
    for (const Diagnostic& warning : (*compilation)->diagnostics.all())
      warnings_.push_back((*compilation)->render(warning));
    return compilation;
  }

  Result<Summary> run(const SourceMap& texts, language::TypedProgram program,
                      const vm::Limits& limits, OpenedSource& opened) {
    sources::Source& source = *opened.source;
    const plan::Capabilities capabilities =
        session::leave_room_for_kernel(limits) ? source.capabilities() : plan::Capabilities{};
    const auto runnable =
        session::make_runnable(std::move(program), capabilities, limits, {.handed = handed_});
    auto command = start(options_.command);
    if (!command) return tl::unexpected(command.error());
    TargetProcess* const target = *command ? &**command : nullptr;
    if (auto attached = source.attach(runnable->plan, scope_of(options_, target)); !attached)
      return tl::unexpected(attached.error());
    const sources::Coverage& coverage = source.coverage();
    if (sources::sees_nothing(coverage))
      return failure("nothing that is asked for can be observed here",
                     "socktap doctor shows what can be, and what would help");
    api::RecordSink sink(sink_, handlers_);
    tell_coverage(coverage, sink);
    const auto ran = session::run(runnable->plan, runnable->code, texts, source, sink, target,
                                  stop_, options_of(options_, limits, opened));
    if (ran && !ran->refusal)
      static_cast<void>(session::write_losses(ran->source.losses, /*zeros_too=*/false, sink));
    sink.rethrow();
    if (!ran) return tl::unexpected(ran.error());
    return summary_of(*ran, coverage);
  }

  const Options options_;
  std::vector<api::Text> texts_;
  std::vector<Handler> handlers_;
  tapset::FieldSet handed_;  // what they read
  std::vector<std::string> warnings_;
  Sink* sink_ = nullptr;
  session::StopFlag stop_;
};

Session::Session(Options options)
    : implementation_(std::make_unique<Implementation>(std::move(options))) {}
Session::Session(Session&& other) noexcept = default;
Session& Session::operator=(Session&& other) noexcept = default;
Session::~Session() = default;

Result<void> Session::add_script(std::string text, std::string name) {
  return implementation_->add_script(std::move(text), std::move(name));
}

Result<void> Session::on(const Subscription& subscription, Handler handler) {
  return implementation_->on(subscription, std::move(handler));
}

const std::vector<std::string>& Session::warnings() const { return implementation_->warnings(); }
void Session::write_to(Sink& sink) { implementation_->write_to(sink); }
Result<Summary> Session::run() { return implementation_->run(); }
void Session::stop() noexcept { implementation_->stop(); }

}  // namespace socktap
