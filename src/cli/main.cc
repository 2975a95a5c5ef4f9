#include <fmt/format.h>
#include <nss.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/diagnostic.h"
#include "cli/command.h"
#include "cli/version.h"

namespace {

using socktap::cli::commands;
using socktap::cli::exit_done;
using socktap::cli::exit_script_failed;
using socktap::cli::exit_usage;

void print_help(std::FILE* out) {
  fmt::print(out, "socktap {}: SystemTap's socket tapset on eBPF\n", SOCKTAP_VERSION);
  fmt::print(out, "usage: socktap COMMAND ...   (socktap COMMAND --help tells more)\n");
  for (const auto& command : commands()) fmt::print(out, "  {:8} {}\n", command.name, command.help);
  fmt::print(out, "{}",
             "  socktap -e 'probe socket.send { println(execname(), \" \", size) }' -c 'curl -s "
             "http://127.0.0.1/'\n"
             "  socktap trace -- curl -s http://127.0.0.1/\n"
             "  socktap list -L 'socket.*'\n");
}

bool is_file(const std::string& word) { return word == "-" || ::access(word.c_str(), F_OK) == 0; }

int refuse_word(const std::string& word) {
  std::vector<std::string_view> names;
  for (const auto& command : commands()) names.push_back(command.name);
  fmt::print(stderr, "ERROR: {} is neither a command nor a file\n", word);
  if (const auto near = socktap::nearest(word, names)) {
    fmt::print(stderr, "hint: did you mean `socktap {}`?\n", *near);
  } else {
    fmt::print(stderr, "hint: a script's text goes after -e\n");
  }
  return exit_usage;
}

int dispatch(std::vector<std::string> arguments) {
  if (arguments.empty()) {
    print_help(stderr);
    return exit_usage;
  }
  const std::string first = arguments.front();
  if (first == "-h" || first == "--help" || first == "help") {
    print_help(stdout);
    return exit_done;
  }
  if (first == "-V" || first == "--version") {
    fmt::print("{}\n", socktap::cli::version_line(false));
    return exit_done;
  }
  if (const auto* command = socktap::cli::find_command(first)) {
    arguments.erase(arguments.begin());
    return command->run(arguments);
  }
  if (first == "-l" || first == "-L") return socktap::cli::list_command(arguments);
  if (!first.starts_with("-") && !is_file(first)) return refuse_word(first);
  return socktap::cli::run_command(arguments);  // the default command
}

bool is_called_as_stap(const char* program) {
  return std::string_view(::basename(program)) == "stap";
}

// A list or a report that did not reach its reader is a failure; a reader that went away is not.
int with_output_written(int status) {
  if (std::fflush(stdout) == 0 || errno == EPIPE) return status;
  fmt::print(stderr, "ERROR: cannot write the output: {}\n", std::strerror(errno));
  return status == exit_done ? exit_script_failed : status;
}

// A program without shared libraries must not load any to look up users, either: they would have to
// be of the glibc that it was linked with. So it knows the users in /etc/passwd.
void look_up_users_in_files() {
#ifdef SOCKTAP_STATIC
  for (const char* database : {"passwd", "group", "initgroups"})
    __nss_configure_lookup(database, "files");
#endif
}

}  // namespace

int main(int argc, char** argv) try {
  look_up_users_in_files();
  std::vector<std::string> arguments{argv + 1, argv + argc};
  return with_output_written(is_called_as_stap(argv[0]) ? socktap::cli::stap_command(arguments)
                                                        : dispatch(std::move(arguments)));
} catch (const std::exception& error) {
  std::fprintf(stderr, "ERROR: %s\n", error.what());
  return exit_script_failed;
}
