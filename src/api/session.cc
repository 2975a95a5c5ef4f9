#include "socktap/session.h"

#include <signal.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "api/compilation.h"
#include "api/record_sink.h"
#include "session/limits.h"
#include "session/session.h"
#include "session/source_choice.h"
#include "session/stop_flag.h"
#include "session/target.h"
#include "sources/coverage_text.h"

namespace socktap {
namespace {

using session::TargetProcess;

constexpr std::size_t largest_buffer = std::size_t{4095} << 20;

bool has_target(const Options& options) { return !options.command.empty() || options.process != 0; }

Result<void> check_target(const Options& options) {
  if (!options.command.empty() && options.process != 0)
    return failure("a command and a process cannot both be observed", "one session each");
  if (options.process < 0 ||
      (options.process > 0 && ::kill(options.process, 0) != 0 && errno == ESRCH))
    return failure("there is no process " + std::to_string(options.process), "", ESRCH);
  return {};
}

Result<void> check_recording(const Options& options) {
  if (options.recording.empty()) return {};
  if (has_target(options))
    return failure("a recording has its own processes", "leave out the command and the process");
  if (options.backend != "auto" || options.buffer_bytes != 0 || options.with_self)
    return failure("a recording is observed by nothing",
                   "leave out the backend, the buffer and with_self");
  return {};
}

Result<void> check(const Options& options) {
  if (auto checked = check_target(options); !checked) return checked;
  if (auto checked = check_recording(options); !checked) return checked;
  if (options.duration.count() < 0) return failure("the duration is negative");
  if (options.buffer_bytes > largest_buffer)
    return failure("the event buffer is too large", "4095 MiB for each CPU at most");
  return {};
}

Result<vm::Limits> limits_of(const Options& options) {
  const auto parsed = session::parse_limits(options.limits);
  if (!parsed) return tl::unexpected(parsed.error());
  if (!parsed->ignored.empty())
    return failure("there is no limit " + parsed->ignored.front(), "MAXMAPENTRIES, MAXACTION ...");
  return parsed->limits;
}

struct OpenedSource {
  std::unique_ptr<sources::Source> source;
  std::string reason;                  // why it is this one; empty: no need to say
  std::optional<CgroupNames> cgroups;  // of a recording
  pid_t target = 0;
  std::string warning;
};

Result<OpenedSource> open_source(const Options& options) {
  if (!options.recording.empty()) {
    auto opened = session::open_recording(options.recording);
    if (!opened) return tl::unexpected(opened.error());
    return OpenedSource{std::move(opened->source), "", std::move(opened->cgroups), opened->target,
                        std::move(opened->warning)};
  }
  auto chosen = session::choose_source({.backend = options.backend}, options.buffer_bytes,
                                       has_target(options));
  if (!chosen) return tl::unexpected(chosen.error());
  return OpenedSource{std::move(chosen->source), std::move(chosen->reason), std::nullopt,
                      options.process, ""};
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
  return {.ending = ran.refusal ? Ending::output_refused : ending_of(ran.ending),
          .refusal = ran.refusal,
          .events = ran.events + ran.source.kept,
          .handlers_run = ran.handled,
          .errors = ran.errors,
          .losses = ran.source.losses.counts,
          .source = coverage.source,
          .limits = coverage.limits,
          .paths = paths_of(coverage),
          .command_status = ran.target_status};
}

// What is not seen, before the run.
Result<void> warn(const OpenedSource& opened, sinks::Sink& sink) {
  std::vector<std::string> warnings = sources::coverage_warnings(opened.source->coverage());
  if (!opened.warning.empty()) warnings.push_back(opened.warning);
  for (const std::string& warning : warnings)
    if (auto told = sink.write({RecordKind::warning, warning}); !told) return told;
  return {};
}

}  // namespace

class Session::Implementation {
 public:
  explicit Implementation(Options options) : options_(std::move(options)) {}

  Result<void> add_script(std::string text, std::string name) {
    if (is_running_) return running();
    contents_.scripts.push_back({std::move(name), std::move(text)});
    auto compiled = compile(api::Purpose::check);
    if (compiled) return {};
    contents_.scripts.pop_back();
    return tl::unexpected(compiled.error());
  }

  Result<void> on(const Subscription& subscription, Handler handler) {
    if (is_running_) return running();
    if (subscription.points.empty()) return failure("no probe points are named");
    if (!handler) return failure("there is no handler to call");
    contents_.subscriptions.push_back(subscription);
    auto compiled = api::compile(contents_, options_, api::Purpose::check);
    auto fields = compiled ? api::check_last_subscription(subscription, **compiled)
                           : tl::unexpected(compiled.error());
    if (!fields) {
      contents_.subscriptions.pop_back();
      return tl::unexpected(fields.error());
    }
    keep_warnings(**compiled);
    handed_ |= *fields;
    handlers_.push_back(std::move(handler));
    return {};
  }

  const std::vector<std::string>& warnings() const { return warnings_; }
  void write_to(Sink& sink) { sink_ = &sink; }
  void stop() noexcept { stop_.request(1); }

  Result<Summary> run() {
    if (is_running_) return running();
    const Running running(*this);
    if (contents_.scripts.empty() && contents_.subscriptions.empty())
      return failure("there is nothing to run", "add_script(), or on()");
    if (auto checked = check(options_); !checked) return tl::unexpected(checked.error());
    const auto limits = limits_of(options_);
    if (!limits) return tl::unexpected(limits.error());
    auto opened = open_source(options_);
    if (!opened) return tl::unexpected(opened.error());
    const auto compilation = compile(api::Purpose::run);
    if (!compilation) return tl::unexpected(compilation.error());
    return run((*compilation)->script.sources, std::move((*compilation)->program), *limits,
               *opened);
  }

 private:
  // While run() is on its way; a stop() that came holds for that one.
  class Running {
   public:
    explicit Running(Implementation& session) : session_(session) { session.is_running_ = true; }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;
    ~Running() {
      session_.is_running_ = false;
      session_.stop_.reset();
    }

   private:
    Implementation& session_;
  };

  static tl::unexpected<Error> running() {
    return failure("the session is running", "only stop() may be called then");
  }

  void keep_warnings(const api::Compilation& compilation) {
    warnings_.clear();
    for (const Diagnostic& warning : compilation.diagnostics.all())
      warnings_.push_back(compilation.render(warning));
  }

  Result<std::unique_ptr<api::Compilation>> compile(api::Purpose purpose) {
    auto compilation = api::compile(contents_, options_, purpose);
    if (compilation) keep_warnings(**compilation);
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
    if (auto visible = sources::check_visibility(source.coverage()); !visible)
      return tl::unexpected(visible.error());
    api::RecordSink sink(sink_, handlers_);
    auto summary = pump(*runnable, texts, opened, limits, target, sink);
    sink.rethrow();
    if (!summary) return summary;
    summary->reason = opened.reason;
    return summary;
  }

  Result<Summary> pump(const session::Runnable& runnable, const SourceMap& texts,
                       OpenedSource& opened, const vm::Limits& limits, TargetProcess* target,
                       sinks::Sink& sink) {
    if (auto warned = warn(opened, sink); !warned)
      return Summary{.ending = Ending::output_refused, .refusal = warned.error()};
    auto ran = session::run(runnable.plan, runnable.code, texts, *opened.source, sink, target,
                            stop_, options_of(options_, limits, opened));
    if (!ran) return tl::unexpected(ran.error());
    if (!ran->refusal)
      if (auto told = session::write_losses(ran->source.losses, /*zeros_too=*/false, sink); !told)
        ran->refusal = told.error();
    Summary summary = summary_of(*ran, opened.source->coverage());
    if (target != nullptr) summary.command = target->pid();
    return summary;
  }

  const Options options_;
  api::Contents contents_;
  std::vector<Handler> handlers_;  // of the subscriptions
  tapset::FieldSet handed_;        // what they read
  std::vector<std::string> warnings_;
  Sink* sink_ = nullptr;
  session::StopFlag stop_;
  bool is_running_ = false;
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

std::string_view version() { return SOCKTAP_VERSION; }

}  // namespace socktap
