// --record and --from: what of a run is recorded, and how a recording is run.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <string>

#include "cli/script.h"
#include "language/typed_program.h"
#include "sinks/recording.h"
#include "sources/replay/replay_source.h"

namespace socktap::cli {

struct RecordingOptions {
  std::optional<std::string> file;  // --record
  sinks::Rotation rotation;
  std::optional<std::string> from;  // --from
  std::optional<double> speed;      // --speed; none: as fast as it goes
};

void add_rotation_options(CLI::App& app, sinks::Rotation& rotation);
void add_replay_options(CLI::App& app, RecordingOptions& options);  // --from, --speed

// Adds a text before the script's own that hands over every event which the program sees, once.
// Fails where it sees what cannot be recorded.
Result<void> add_recorder(Script& script, const language::TypedProgram& program);

// What a recording says of a run over an attached source.
recording::Facts facts_of(const plan::Plan& plan, const sources::Source& source,
                          std::string command, std::int64_t target);

// "recorded 4711 events in 2 files, FILE.3 to FILE.4"
std::string recorded_line(const sinks::Recording& recording, const std::string& file);

}  // namespace socktap::cli
