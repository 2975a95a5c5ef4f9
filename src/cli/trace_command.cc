#include <fmt/format.h>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/message.h"
#include "cli/run_options.h"
#include "cli/runner.h"
#include "cli/target_line.h"
#include "cli/trace_filters.h"

namespace socktap::cli {
namespace {

constexpr const char* footer = R"(
Of several filters all must hold; of one filter's values any. They are tested in the kernel, but for
patterns of names. --script shows what they make. A socket that is made has the protocol that was asked
for, mostly 0 (IP): --op send,receive,close --protocol TCP leaves it out either way.

Examples:
  socktap trace -- curl -s http://127.0.0.1/
  socktap trace -T 2 --family INET,INET6 --port 443 --op send
  socktap trace -T 2 --errors -f json)";

struct TraceLine : CommandLine {
  TraceLine();
  RunOptions options;
  TraceFilters filters;
  bool only_script = false;
};

TraceLine::TraceLine()
    : CommandLine("trace",
                  "Prints one line for every message sent or received, socket made and socket "
                  "closed.") {
  takes_command = true;
  app.footer(footer);
  add_target_options(app, options, "trace");
  add_filter_options(app, filters);
  add_output_options(app, options.output);
  add_replay_options(app, options.recording);
  add_color_option(app, options.output.color);
  app.add_flag("--script", only_script, "print the script that this is, and do no more");
  add_source_options(app, options.source);
  app.add_flag("-q,--quiet", options.quiet, "no status lines");
  app.add_flag("-v,--verbose", options.verbose, "all loss counts");
}

}  // namespace

std::unique_ptr<CommandLine> trace_line() { return std::make_unique<TraceLine>(); }

int trace_command(const std::vector<std::string>& arguments) {
  TraceLine line;
  RunOptions& options = line.options;
  options.output.with_heading = true;
  if (const auto status = parse_target_line(line, options, arguments)) return *status;
  line.filters.of_recording = options.recording.from.has_value();
  auto script = trace_script(line.filters);
  if (!script) {
    print_error(script.error());
    return exit_usage;
  }
  if (line.only_script) {
    fmt::print("{}", *script);
    return exit_done;
  }
  options.script.text = std::move(*script);
  return run_script(options);
}

}  // namespace socktap::cli
