#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>

#include "base/unique_fd.h"
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/message.h"
#include "cli/run_options.h"
#include "cli/runner.h"
#include "cli/summary_report.h"
#include "cli/target_line.h"
#include "shipped_scripts.h"
#include "sinks/text_sink.h"

namespace socktap::cli {
namespace {

constexpr const char* footer = R"(
What was only peeked at does not count.

Examples:
  socktap summary -- curl -s http://127.0.0.1/
  socktap summary -T 2
  socktap summary -T 2 -f json --svg summary.svg)";

Result<void> write_file(const std::string& path, std::string_view text) {
  const UniqueFd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
  if (!file.valid()) return system_failure("cannot write " + path, errno);
  sinks::TextSink sink(file.get(), STDERR_FILENO);
  if (auto written = sink.write({RecordKind::output, text}); !written) return written;
  return sink.flush();
}

std::string in_format(const SummaryData& summary, Format format) {
  switch (format) {
    case Format::text:
      return as_text(summary);
    case Format::json:
      return as_json_lines(summary);
    case Format::csv:
      return as_csv(summary);
  }
  return {};
}

Result<void> write_summary(const SummaryData& summary, const OutputOptions& output,
                           const std::string& svg) {
  if (!svg.empty())
    if (auto written = write_file(svg, as_svg(summary)); !written) return written;
  const std::string text = in_format(summary, output.format);
  if (output.file) return write_file(*output.file, text);
  fmt::print("{}", text);
  return {};
}

struct SummaryLine : CommandLine {
  SummaryLine();
  RunOptions options;
  OutputOptions output;
  std::string svg;
};

SummaryLine::SummaryLine()
    : CommandLine("summary",
                  "Counts what is sent and received, until a command or the time ends, and says it "
                  "at the end.") {
  takes_command = true;
  app.footer(footer);
  add_target_options(app, options, "of");
  add_format_options(app, output);
  app.add_option("--svg", svg, "draw it into FILE, too")->type_name("FILE");
  add_replay_options(app, options.recording);
  add_source_options(app, options.source);
  app.add_flag("-q,--quiet", options.quiet, "no status lines");
  app.add_flag("-v,--verbose", options.verbose, "all loss counts");
}

}  // namespace

std::unique_ptr<CommandLine> summary_line() { return std::make_unique<SummaryLine>(); }

int summary_command(const std::vector<std::string>& arguments) {
  SummaryLine line;
  RunOptions& options = line.options;
  options.script.text = std::string(shipped::summary_stp);
  if (const auto status = parse_target_line(line, options, arguments)) return *status;
  sinks::TextSink messages(STDOUT_FILENO, STDERR_FILENO);
  SummaryReader reader(messages);
  std::optional<session::Summary> ran;
  const int status = run_script(options, {.sink = &reader, .summary = &ran});
  if (!ran || ran->ending == session::Ending::script_failed) return status;  // it would be wrong
  if (auto written = write_summary(reader.take(), line.output, line.svg); !written) {
    print_error(written.error());
    return exit_script_failed;
  }
  return status;
}

}  // namespace socktap::cli
