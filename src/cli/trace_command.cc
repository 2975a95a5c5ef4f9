#include <algorithm>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/run_options.h"
#include "cli/runner.h"
#include "shipped_scripts.h"

namespace socktap::cli {
namespace {

constexpr const char* footer = R"(
Examples:
  socktap trace -- curl -s http://127.0.0.1/
  socktap trace -x 1234 -T 10)";

// What follows "--" is the command, not ours to parse.
std::vector<std::string> take_command(std::vector<std::string>& arguments) {
  const auto dashes = std::find(arguments.begin(), arguments.end(), "--");
  if (dashes == arguments.end()) return {};
  std::vector<std::string> command(dashes + 1, arguments.end());
  arguments.erase(dashes, arguments.end());
  return command;
}

}  // namespace

int trace_command(const std::vector<std::string>& given) {
  std::vector<std::string> arguments = given;
  RunOptions options;
  options.command_words = take_command(arguments);
  options.script.text = std::string(shipped::trace_stp);
  CLI::App app("Prints one line for every message sent or received, socket made and socket closed.",
               "socktap trace");
  app.footer(footer);
  app.add_option("-x", options.pid, "trace the process PID and its descendants")
      ->type_name("PID")
      ->check(process_number());
  app.add_option("-T", options.seconds, "end after this many seconds")
      ->type_name("SECONDS")
      ->check(duration());
  app.add_option("-o", options.output, "write to FILE")->type_name("FILE");
  add_source_options(app, options.source);
  app.add_flag("-q,--quiet", options.quiet, "no status lines");
  app.add_flag("-v,--verbose", options.verbose, "all loss counts");
  if (const auto status = parse_arguments(app, std::move(arguments))) return *status;
  if (options.pid && !options.command_words.empty())
    return refuse_arguments(app, "-x and a command exclude each other");
  return run_script(options);
}

}  // namespace socktap::cli
