#include "cli/target_line.h"

#include <utility>

namespace socktap::cli {

void add_target_options(CLI::App& app, RunOptions& options, const std::string& verb) {
  app.add_option("-x", options.pid, verb + " the process PID and its descendants")
      ->type_name("PID")
      ->check(process_number());
  app.add_option("-T", options.seconds, "end after this many seconds")
      ->type_name("SECONDS")
      ->check(duration());
}

std::optional<int> parse_target_line(CommandLine& line, RunOptions& options,
                                     std::vector<std::string> arguments) {
  options.command_words = take_command(arguments);
  if (const auto status = parse_arguments(line.app, std::move(arguments))) return status;
  if (options.pid && !options.command_words.empty())
    return refuse_arguments(line.app, "-x and a command exclude each other");
  return std::nullopt;
}

}  // namespace socktap::cli
