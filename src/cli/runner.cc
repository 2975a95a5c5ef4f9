#include "cli/runner.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/command.h"
#include "cli/message.h"
#include "cli/passes.h"
#include "session/limits.h"
#include "session/source_choice.h"
#include "sources/replay/replay_source.h"

namespace socktap::cli {
namespace {

int fail(const Error& error, int status) {
  print_error(error);
  return status;
}

// Only the target is traced where eBPF is refused, unless everything was asked for.
bool can_be_by_ptrace(const RunOptions& options) {
  const bool has_target =
      options.command || !options.command_words.empty() || options.pid || !options.roots.empty();
  return has_target && (!options.all || options.all_if_possible);
}

int replay_script(const RunOptions& options, const Surroundings& around) {
  auto opened = session::open_recording(*options.recording.from);
  if (!opened) return fail(opened.error(), exit_usage);
  sources::ReplaySource& source = *opened->source;
  if (options.recording.speed) source.set_speed(*options.recording.speed);
  if (!opened->warning.empty() && options.warnings) print_warning(opened->warning);
  RunOptions replay = options;
  replay.replayed_target = opened->target;
  replay.recorded_cgroups = &opened->cgroups;
  Surroundings with_progress = around;
  with_progress.progress = [&source] {
    return fmt::format("{} % of {} events replayed",
                       source.events_read() * 100 / std::max<std::uint64_t>(source.events(), 1),
                       source.events());
  };
  return run_script(replay, with_progress, source);
}

}  // namespace

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

}  // namespace socktap::cli
