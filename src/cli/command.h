// The subcommands of socktap. Each is one file with two functions: what it takes, and what it does.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace socktap::cli {

// Exit statuses, as documented in `socktap --help`.
enum ExitStatus : int {
  exit_done = 0,
  exit_script_failed = 1,  // its parsing, checking or running; or the command of -c
  exit_usage = 2,          // a mistake on the command line
  exit_no_source = 3,      // nothing here can observe sockets
  exit_interrupted = 130,  // a second SIGINT
};

struct CommandLine;  // cli/arguments.h

struct Command {
  std::string_view name;
  std::string_view help;                                  // its line in `socktap --help`
  std::unique_ptr<CommandLine> (*line)();                 // all that it takes
  int (*run)(const std::vector<std::string>& arguments);  // without the program's and its own name
};

std::span<const Command> commands();
const Command* find_command(std::string_view name);

// Under the name `stap`: -c and -x only set target(), nothing is said of the run, and all failures
// are status 1.
int stap_command(const std::vector<std::string>& arguments);

std::unique_ptr<CommandLine> run_line();
std::unique_ptr<CommandLine> trace_line();
std::unique_ptr<CommandLine> top_line();
std::unique_ptr<CommandLine> summary_line();
std::unique_ptr<CommandLine> record_line();
std::unique_ptr<CommandLine> list_line();
std::unique_ptr<CommandLine> explain_line();
std::unique_ptr<CommandLine> doctor_line();

int run_command(const std::vector<std::string>& arguments);
int trace_command(const std::vector<std::string>& arguments);
int record_command(const std::vector<std::string>& arguments);
int summary_command(const std::vector<std::string>& arguments);
int top_command(const std::vector<std::string>& arguments);
int list_command(const std::vector<std::string>& arguments);
int explain_command(const std::vector<std::string>& arguments);
int doctor_command(const std::vector<std::string>& arguments);

}  // namespace socktap::cli
