#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/data_records.h"
#include "cli/run_options.h"
#include "cli/runner.h"
#include "cli/target_line.h"

namespace socktap::cli {
namespace {

constexpr const char* footer = R"(
The file is an SQLite database: sqlite3 FILE 'select * from named'. It takes some 100 bytes an event.

Examples:
  socktap record -o curl.db -- curl -s http://127.0.0.1/
  socktap record -o last-hour.db --rotate-age 600 --keep 6 -T 2
  socktap record -o errors.db -T 2 'socket.*.return')";

void print_for_machines(const Recorded& recorded, const Losses& losses, Format format) {
  constexpr std::string_view columns[] = {"events", "files", "kind"};
  DataRecords records{{"recording", {{"events", recorded.events}, {"files", recorded.files}}}};
  add_losses(losses, records);
  fmt::print("{}", for_machines(records, columns, format));
}

struct RecordLine : CommandLine {
  RecordLine();
  RunOptions options;
  std::vector<std::string> points;
  Format format = Format::text;
};

RecordLine::RecordLine()
    : CommandLine("record",
                  "Records all events of probe points, to run scripts over them with --from.") {
  takes_command = true;
  app.footer(footer);
  app.add_option("-o,--output", options.recording.file, "the file")->type_name("FILE")->required();
  app.add_option("points", points, "probe points, with * if need be; without any those of socket.*")
      ->type_name("POINT");
  add_target_options(app, options, "record");
  add_rotation_options(app, options.recording.rotation);
  add_format_option(app, format);
  app.add_option("-s", options.buffer_megabytes, "size of the event buffer of each CPU in MB")
      ->type_name("MB")
      ->check(CLI::Range(1, 4095));
  add_source_options(app, options.source);
  app.add_flag("-q,--quiet", options.quiet, "no status lines");
  app.add_flag("-v,--verbose", options.verbose, "how each path is seen; all counts at the end");
}

}  // namespace

std::unique_ptr<CommandLine> record_line() { return std::make_unique<RecordLine>(); }

int record_command(const std::vector<std::string>& arguments) {
  RecordLine line;
  RunOptions& options = line.options;
  if (const auto status = parse_target_line(line, options, arguments)) return *status;
  if (line.points.empty()) line.points = {"socket.*", "socket.*.return"};
  options.output.is_silent = true;
  options.script.text = fmt::format("probe {} {{}}", fmt::join(line.points, ", "));
  std::optional<Recorded> recorded;
  options.output.recorded = &recorded;
  std::optional<session::Summary> ran;
  const int status = run_script(options, {.summary = &ran});
  if (line.format != Format::text && ran && recorded)
    print_for_machines(*recorded, ran->source.losses, line.format);
  return status;
}

}  // namespace socktap::cli
