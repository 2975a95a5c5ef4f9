#include "cli/recording.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/utsname.h>

#include <algorithm>
#include <vector>

#include "cli/arguments.h"
#include "cli/version.h"

namespace socktap::cli {
namespace {

// More than anybody has, and as bytes and ns far from what a number holds.
constexpr double most_megabytes = 1e9;
constexpr double most_seconds = 1e9;
constexpr double most_files = 1e9;
constexpr double most_times = 1e6;

using language::TypedProgram;
using tapset::Path;
using tapset::ProbePoint;

// The probe point that fires for nothing but this; nullptr: there is none.
const ProbePoint* point_of(tapset::Operation operation, tapset::Phase phase, Path path) {
  if (operation == tapset::Operation::call) return nullptr;
  const auto points = tapset::probe_points();
  const auto found = std::ranges::find_if(points, [&](const ProbePoint& point) {
    return point.operation == operation && point.phase == phase &&
           point.transport == tapset::Transport::any && point.paths == tapset::PathSet{path};
  });
  return found == points.end() ? nullptr : &*found;
}

// Each event fires one of these.
Result<std::vector<std::string_view>> recorded_points(const TypedProgram& program) {
  std::vector<std::string_view> names;
  const auto add = [&](const ProbePoint& point) {
    for (int i = 0; i <= static_cast<int>(Path::readv); ++i) {
      const auto path = static_cast<Path>(i);
      if (!point.paths.contains(path)) continue;
      const ProbePoint* recorded = point_of(point.operation, point.phase, path);
      if (recorded == nullptr) return false;
      if (std::ranges::find(names, recorded->name) == names.end()) names.push_back(recorded->name);
    }
    return true;
  };
  for (const language::Handler& handler : program.handlers)
    for (const language::Point& point : handler.points)
      if (const auto* tap = std::get_if<const ProbePoint*>(&point.trigger); tap && !add(**tap))
        return failure("events of " + std::string((*tap)->name) + " cannot be recorded",
                       "socket.*, netdev.* and process.* can be, and messages of tcp.* and udp.*");
  return names;
}

}  // namespace

void add_rotation_options(CLI::App& app, sinks::Rotation& rotation) {
  app.add_option_function<double>(
         "--rotate-size",
         [&rotation](double megabytes) {
           rotation.bytes = static_cast<std::uint64_t>(megabytes * 1e6);
         },
         "go on to the next file, FILE.1, FILE.2 ..., when one has about so many MB")
      ->type_name("MB")
      ->check(positive_number(most_megabytes));
  app.add_option_function<double>(
         "--rotate-age",
         [&rotation](double seconds) { rotation.age = static_cast<std::uint64_t>(seconds * 1e9); },
         "the same when it is so many seconds old")
      ->type_name("SECONDS")
      ->check(positive_number(most_seconds));
  app.add_option_function<std::uint64_t>(
         "--keep", [&rotation](std::uint64_t count) { rotation.count = count; },
         "keep so many files, the newest")
      ->type_name("FILES")
      ->check(positive_number(most_files));
}

void add_replay_options(CLI::App& app, RecordingOptions& options) {
  app.add_option("--from", options.from, "run over the recording FILE instead of what happens now")
      ->type_name("FILE");
  app.add_option("--speed", options.speed,
                 "with --from: so many times as fast as it was; else as fast as it goes")
      ->type_name("TIMES")
      ->check(number_of_at_least(1 / most_times, most_times));
}

Result<void> add_recorder(Script& script, const TypedProgram& program) {
  const auto points = recorded_points(program);
  if (!points) return tl::unexpected(points.error());
  if (points->empty())
    return failure("there is nothing to record", "the script has no probe points with events");
  const std::string text = fmt::format("probe {} {{ __hand_event({}) }}\n",
                                       fmt::join(*points, ", "), sinks::Recording::channel);
  script.texts.insert(script.texts.begin(), script.sources.add("<recorder>", text));
  return {};
}

recording::Facts facts_of(const plan::Plan& plan, const sources::Source& source,
                          std::string command, std::int64_t target) {
  utsname host{};
  ::uname(&host);
  recording::Facts facts{.program = std::string("socktap ") + SOCKTAP_VERSION,
                         .kernel = host.release,
                         .machine = host.machine,
                         .source = source.coverage().source,
                         .command = std::move(command),
                         .target = target,
                         .realtime_offset = source.realtime_offset(),
                         .fields = plan.fields};
  for (const ProbePoint* point : plan.points) {
    for (int i = 0; i <= static_cast<int>(Path::readv); ++i)
      if (point == point_of(point->operation, point->phase, static_cast<Path>(i)))
        facts.points.emplace_back(point->name);
  }
  for (const sources::PathCoverage& path : source.coverage().paths)
    if (path.verdict != sources::Verdict::not_needed)
      facts.paths.push_back({path.operation, path.phase, path.path, path.strategy,
                             std::string(describe(path.verdict)), path.driven, path.seen});
  return facts;
}

std::string recorded_line(const sinks::Recording& recording, const std::string& file) {
  const std::string events =
      fmt::format("recorded {} event{}", recording.events(), recording.events() == 1 ? "" : "s");
  const std::uint64_t first = recording.first_file(), last = recording.last_file();
  if (first == last) return fmt::format("{} in {}", events, recording.file_names().front());
  return fmt::format("{0} in {1} files, {2}.{3} to {2}.{4}", events, last - first + 1, file, first,
                     last);
}

}  // namespace socktap::cli
