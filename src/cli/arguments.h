// How every subcommand reads its arguments.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

namespace socktap::cli {

// The exit status when there is nothing left to do: help was printed, or the mistake.
std::optional<int> parse_arguments(CLI::App& app, std::vector<std::string> arguments);

// Takes away what follows "--": a command, which is not ours to parse.
std::vector<std::string> take_command(std::vector<std::string>& arguments);

// Says what is wrong with them.
int refuse_arguments(const CLI::App& app, const std::string& mistake);

// What an argument must be.
CLI::Validator duration();        // seconds, up to some decades
CLI::Validator process_number();  // of a process that exists; a thread's names its process

}  // namespace socktap::cli
