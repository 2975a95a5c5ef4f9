#include "cli/run_options.h"

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/message.h"

namespace socktap::cli {
namespace {

constexpr const char* footer = R"(
Examples:
  socktap run -e 'probe socket.send { printf("%s %d\n", execname(), size) }' -c 'curl -s http://127.0.0.1/'
  socktap run -e 'global n; probe socket.* { n[name] <<< 1 } probe end { foreach (p in n-) println(p, " ", @count(n[p])) }' -T 5
  socktap run script.stp 80 -x 1234

Exit status: 0 done, 1 the script or the command of -c failed, 2 a mistake on the command line,
3 nothing here can observe sockets (see socktap doctor), 130 interrupted twice.)";

void add_options(CLI::App& app, RunOptions& options, std::vector<std::string>& words) {
  app.add_option("-e", options.script.text, "the script's text")->type_name("SCRIPT");
  app.add_option("script", words,
                 "a script file (- is standard input), then its arguments: $1 @1 ...")
      ->type_name("FILE ARGS");
  app.add_option("-c", options.command,
                 "start CMD and trace it; target() is its pid; the run ends with it")
      ->type_name("CMD");
  app.add_option("--user", options.user, "run CMD as this user")->type_name("NAME");
  app.add_option("-x", options.pid, "trace the process PID and its descendants; target() is PID")
      ->type_name("PID")
      ->check(process_number());
  app.add_flag("--all", options.all, "with -c and -x: trace every process, only set target()");
  app.add_flag("--self", options.self, "trace socktap's own threads too");
  app.add_option("-T", options.seconds, "end after this many seconds")
      ->type_name("SECONDS")
      ->check(duration());
  app.add_option("-o", options.output, "write the output to FILE")->type_name("FILE");
  app.add_option("-G", options.script.globals, "set the global NAME before the script starts")
      ->type_name("NAME=VALUE")
      ->take_all()
      ->allow_extra_args(false);
  app.add_option("-D", options.definitions,
                 "set a limit: MAXSTRINGLEN MAXMAPENTRIES MAXACTION MAXNESTING MAXERRORS")
      ->type_name("NAME=VALUE")
      ->take_all()
      ->allow_extra_args(false);
  app.add_option("-s", options.buffer_megabytes, "size of the event buffer of each CPU in MB")
      ->type_name("MB")
      ->check(CLI::Range(1, 4095));
  app.add_flag("--strict", options.script.strict,
               "refuse to run when a path is blind or a variable does not exist at its point");
  app.add_option("--disable-strategy", options.disabled_strategies,
                 "do not use this strategy (socktap doctor names them)")
      ->type_name("NAME")
      ->take_all()
      ->allow_extra_args(false);
  app.add_flag("-q,--quiet", options.quiet, "no status lines, no warnings about the script");
  app.add_flag("-v,--verbose", options.verbose, "how each path is seen; all counts at the end");
}

Result<void> check_together(const RunOptions& options) {
  if (options.command && options.pid) return failure("-c and -x exclude each other");
  if (options.user && !options.command)
    return failure("--user needs -c CMD", "it is the command's user");
  return {};
}

}  // namespace

ParsedRun parse_run(const std::vector<std::string>& arguments) {
  ParsedRun parsed;
  CLI::App app("Runs a script: SystemTap's language over the sockets of this machine.",
               "socktap run");
  app.footer(footer);
  add_options(app, parsed.options, parsed.options.script.words);
  parsed.exit_status = parse_arguments(app, arguments);
  if (parsed.exit_status) return parsed;
  if (const auto together = check_together(parsed.options); !together) {
    print_error(together.error());
    parsed.exit_status = exit_usage;
  }
  return parsed;
}

}  // namespace socktap::cli
