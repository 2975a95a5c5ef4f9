#include "cli/output.h"

#include <unistd.h>

#include <utility>

#include "cli/arguments.h"
#include "sinks/csv_format.h"
#include "sinks/event_line.h"
#include "sinks/json_format.h"
#include "sinks/text_format.h"

namespace socktap::cli {
namespace {

const NamedValues<Format> formats{
    {"text", Format::text}, {"json", Format::json}, {"csv", Format::csv}};
const NamedValues<Color> colors{
    {"auto", Color::automatic}, {"always", Color::always}, {"never", Color::never}};

}  // namespace

void add_format_option(CLI::App& app, Format& format) {
  take_one_of(
      app.add_option("-f,--format", format, "as text, as JSON (an object a line) or as CSV"),
      formats);
}

void add_format_options(CLI::App& app, OutputOptions& options) {
  app.add_option("-o,--output", options.file, "write the output to FILE")->type_name("FILE");
  add_format_option(app, options.format);
}

void add_output_options(CLI::App& app, OutputOptions& options) {
  add_format_options(app, options);
  app.add_option("--chrome-trace", options.chrome_trace,
                 "write the events that are shown as a timeline, for Perfetto")
      ->type_name("FILE");
}

void add_color_option(CLI::App& app, Color& color) {
  take_one_of(
      app.add_option("--color", color, "colours; auto: on a terminal, unless NO_COLOR is set"),
      colors);
}

tapset::FieldSet fields_shown(const OutputOptions& options) {
  const bool is_lines = options.format == Format::text && !options.chrome_trace;
  return is_lines ? sinks::EventLine::fields() : tapset::FieldSet::all();
}

Result<std::unique_ptr<Output>> Output::open(const OutputOptions& options, bool with_warnings) {
  std::unique_ptr<Output> output(new Output(options, with_warnings));
  if (options.file) {
    auto files = sinks::OutputFiles::open(*options.file, options.file_limits, STDERR_FILENO);
    if (!files) return tl::unexpected(files.error());
    output->files_ = std::move(*files);
  }
  if (options.chrome_trace) {
    auto timeline = sinks::ChromeTrace::open(*options.chrome_trace);
    if (!timeline) return tl::unexpected(timeline.error());
    output->timeline_ = std::move(*timeline);
  }
  return output;
}

Output::Output(const OutputOptions& options, bool with_warnings)
    : options_(options), text_(STDOUT_FILENO, STDERR_FILENO), with_warnings_(with_warnings) {}

sinks::Sink& Output::begin(std::span<const tapset::ProbePoint* const> points) {
  sinks::Sink& bytes = files_ ? static_cast<sinks::Sink&>(*files_) : text_;
  switch (options_.format) {
    case Format::text: {
      const bool in_color =
          files_ ? options_.color == Color::always : stdout_has_color(options_.color);
      format_ = std::make_unique<sinks::TextFormat>(bytes, in_color, options_.with_heading);
      break;
    }
    case Format::json:
      format_ = std::make_unique<sinks::JsonFormat>(bytes);
      break;
    case Format::csv: {
      auto csv = std::make_unique<sinks::CsvFormat>(bytes, points);
      if (files_) files_->begin_files_with([&format = *csv] { return format.header(); });
      format_ = std::move(csv);
      break;
    }
  }
  sinks::Sink* sink = format_.get();
  if (timeline_) {
    sink = &with_timeline_.emplace(*sink, *timeline_);
  }
  if (!with_warnings_) sink = &without_warnings_.emplace(*sink);
  return *sink;
}

sinks::Sink& Output::begin(std::span<const tapset::ProbePoint* const> points,
                           const std::string& recording, sinks::Rotation rotation,
                           recording::Facts facts) {
  recording_.emplace(recording, rotation, std::move(facts));
  if (options_.is_silent) return *recording_;
  return with_recording_.emplace(begin(points), *recording_);
}

Result<void> Output::finish() {
  if (files_) files_->empty();
  if (timeline_)
    if (auto finished = timeline_->finish(); !finished) return finished;
  if (!recording_) return {};
  if (auto finished = recording_->finish(); !finished) return finished;
  if (options_.recorded != nullptr)
    *options_.recorded = Recorded{recording_->events(), recording_->file_names()};
  return {};
}

}  // namespace socktap::cli
