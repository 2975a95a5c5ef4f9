// Where a run's output goes and in which form: -o, -f, --color and --chrome-trace.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/message.h"
#include "cli/warning_filter.h"
#include "sinks/both.h"
#include "sinks/chrome_trace.h"
#include "sinks/output_files.h"
#include "sinks/recording.h"
#include "sinks/text_sink.h"

namespace socktap::cli {

enum class Format { text, json, csv };

// What was recorded, once it is whole.
struct Recorded {
  std::uint64_t events = 0;
  std::vector<std::string> files;  // that are there
};

struct OutputOptions {
  std::optional<std::string> file;  // -o
  sinks::FileLimits file_limits;    // -S
  Format format = Format::text;     // -f
  Color color = Color::automatic;   // of events; what the compiler says has its own
  bool with_heading = false;        // above events as text
  bool is_silent = false;           // the script prints nothing, by intention
  std::optional<std::string> chrome_trace;
  std::optional<Recorded>* recorded = nullptr;  // where to leave it
};

// -f; with -o; with --chrome-trace.
void add_format_option(CLI::App& app, Format& format);
void add_format_options(CLI::App& app, OutputOptions& options);
void add_output_options(CLI::App& app, OutputOptions& options);
void add_color_option(CLI::App& app, Color& color);

// What such output looks at of the events that it is shown.
tapset::FieldSet fields_shown(const OutputOptions& options);

// The sinks of a run, one behind the other.
class Output {
 public:
  // Opened before the run is prepared, so that a refusal comes early.
  static Result<std::unique_ptr<Output>> open(const OutputOptions& options, bool with_warnings);
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  // Where a run at these points writes to. Files are emptied when something is written, so that a
  // run that does not begin leaves the last one's output.
  sinks::Sink& begin(std::span<const tapset::ProbePoint* const> points);

  // The same, and what is handed to the recorder goes to a file.
  sinks::Sink& begin(std::span<const tapset::ProbePoint* const> points,
                     const std::string& recording, sinks::Rotation rotation,
                     recording::Facts facts);

  // After the run: whole files.
  Result<void> finish();

  const sinks::Recording* recording() const { return recording_ ? &*recording_ : nullptr; }

 private:
  Output(const OutputOptions& options, bool with_warnings);

  OutputOptions options_;
  std::optional<sinks::OutputFiles> files_;
  sinks::TextSink text_;
  std::optional<sinks::ChromeTrace> timeline_;
  std::optional<sinks::Recording> recording_;
  std::unique_ptr<sinks::Sink> format_;
  std::optional<sinks::Both> with_timeline_, with_recording_;
  bool with_warnings_;
  std::optional<WarningFilter> without_warnings_;
};

}  // namespace socktap::cli
