// What the commands have in common that observe everything, a process, or a command of their own.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/arguments.h"
#include "cli/run_options.h"

namespace socktap::cli {

// -x and -T. `verb` is what is done to "the process PID and its descendants".
void add_target_options(CLI::App& app, RunOptions& options, const std::string& verb);

// Reads the arguments, and the command that follows "--". The exit status when there is nothing
// left to do: help was printed, or the mistake.
std::optional<int> parse_target_line(CommandLine& line, RunOptions& options,
                                     std::vector<std::string> arguments);

}  // namespace socktap::cli
