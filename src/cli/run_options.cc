#include "cli/run_options.h"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>
#include <utility>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/message.h"
#include "cli/stap_option_table.h"

namespace socktap::cli {
namespace {

constexpr const char* footer = R"(
Examples:
  socktap run -e 'probe socket.send { printf("%s %d\n", execname(), size) }' -c 'curl -s http://127.0.0.1/'
  socktap run -e 'global n; probe socket.* { n[name] <<< 1 } probe end { foreach (p in n-) println(p, " ", @count(n[p])) }' -T 2
  echo 'probe socket.receive { println(@1, " ", size) }' | socktap run - received -T 2

The other options of stap(1) are taken too (-w, -W, -E, -p NUM, -S SIZE ...); those that have nothing
to do here are named by -v.

Exit status: 0 done, 1 the script or the command of -c failed, 2 a mistake on the command line,
3 nothing here can observe sockets (see socktap doctor), 130 interrupted twice.)";

void add_options(CLI::App& app, RunOptions& options) {
  app.add_option("-e", options.script.text, "the script's text")->type_name("SCRIPT");
  app.add_option("script", options.script.words,
                 "a script file, the name of one that is installed, or - for standard input; then its "
                 "arguments: $1 @1 ...")
      ->type_name("FILE ARGS");
  app.add_option("-c", options.command,
                 "start CMD and trace it; target() is its pid; the run ends with it")
      ->type_name("CMD");
  app.add_option("--user", options.user, "run CMD as this user")->type_name("USER");
  app.add_option("-x", options.pid, "trace the process PID and its descendants; target() is PID")
      ->type_name("PID")
      ->check(process_number());
  app.add_flag("--all", options.all, "with -c and -x: trace every process, only set target()");
  app.add_flag("--self", options.self, "trace socktap's own threads too");
  app.add_option("-T", options.seconds, "end after this many seconds")
      ->type_name("SECONDS")
      ->check(duration());
  add_output_options(app, options.output);
  app.add_option("--record", options.recording.file,
                 "record all events of the script's points, too")
      ->type_name("FILE");
  add_rotation_options(app, options.recording.rotation);
  add_replay_options(app, options.recording);
  app.add_option("-G", options.script.globals, "set the global NAME before the script starts")
      ->type_name("NAME=VALUE")
      ->take_all()
      ->allow_extra_args(false);
  app.add_option("-D", options.definitions,
                 "set a limit: MAXSTRINGLEN MAXMAPENTRIES MAXACTION MAXNESTING MAXERRORS "
                 "HIST_ELISION")
      ->type_name("LIMIT=VALUE")
      ->take_all()
      ->allow_extra_args(false);
  app.add_option("-s", options.buffer_megabytes, "size of the event buffer of each CPU")
      ->type_name("MB")
      ->check(CLI::Range(1, 4095));
  app.add_flag("--strict", options.script.strict,
               "refuse to run when a path is blind or a variable does not exist at its point");
  app.add_option("--placement", options.placement,
                 "where handlers run: in the kernel what can (auto), or nothing there (user)")
      ->type_name("auto|user")
      ->check(CLI::IsMember({"auto", "user"}).description(""));
  add_source_options(app, options.source);
  app.add_flag("-q,--quiet", options.quiet, "no status lines, no warnings about the script");
  app.add_flag("-v,--verbose", options.verbose, "how each path is seen; all counts at the end");
}

// Whether both names are of one file, which need not be there; /dev/null may be named twice.
bool is_same_file(const std::string& a, const std::string& b) {
  namespace fs = std::filesystem;
  std::error_code refusal;
  if (fs::exists(a, refusal) && !fs::is_regular_file(a, refusal)) return false;
  const fs::path one = fs::weakly_canonical(fs::absolute(a, refusal), refusal);
  const fs::path other = fs::weakly_canonical(fs::absolute(b, refusal), refusal);
  return one == other || fs::equivalent(a, b, refusal);
}

// One would overwrite the other.
Result<void> check_files(const RunOptions& options) {
  const std::pair<std::string_view, const std::optional<std::string>&> files[] = {
      {"-o", options.output.file},
      {"--chrome-trace", options.output.chrome_trace},
      {"--record", options.recording.file},
      {"--from", options.recording.from}};
  for (const auto& one : files)
    for (const auto& other : files)
      if (&one < &other && one.second && other.second && is_same_file(*one.second, *other.second))
        return failure(
            fmt::format("{} and {} name the same file, {}", one.first, other.first, *one.second),
            "a file for each");
  return {};
}

// Those of stap(1) that are not options of `run` already. They do not fill its help: who gives one
// knows it from SystemTap.
void add_stap_options(CLI::App& app, StapOptions& options, std::optional<Error>& mistake) {
  for (const StapOption& row : stap_options()) {
    const std::string first = row.spelling();
    if (row.effect == StapOption::Effect::stap_only || app.get_option_no_throw(first)) continue;
    const bool has_both = row.letter != 0 && *row.name != '\0';
    const std::string names = has_both ? first + ",--" + row.name : first;
    const bool takes_next = row.argument == StapOption::Argument::required;
    CLI::Option* option = takes_next ? app.add_option(names)->take_all()->allow_extra_args(false)
                                     : app.add_flag(names);  // takes --name=argument too
    option->group("")->each([&row, &options, &mistake, takes_next](const std::string& word) {
      const bool is_bare = !takes_next && word == "true";
      const auto taken = take(row, options, is_bare ? "" : word);
      if (!taken && !mistake) mistake = taken.error();
    });
  }
}

struct RunLine : CommandLine {
  RunLine();
  StapOptions given;
  std::optional<Error> mistake;  // CLI11 would lose its hint
};

RunLine::RunLine()
    : CommandLine("run", "Runs a script: SystemTap's language over the sockets of this machine.") {
  app.footer(footer);
  add_options(app, given.run);
  add_stap_options(app, given, mistake);
}

Result<void> check_run(const StapOptions& options) {
  if (auto together = check_together(options); !together) return together;
  if (options.run.user && !options.run.command)
    return failure("--user needs -c CMD", "it is the command's user");
  return {};
}

}  // namespace

std::unique_ptr<CommandLine> run_line() { return std::make_unique<RunLine>(); }

Result<void> check_replay(const RunOptions& options) {
  const RecordingOptions& recording = options.recording;
  if (auto apart = check_files(options); !apart) return apart;
  if (recording.speed && !recording.from)
    return failure("--speed needs --from FILE", "it paces a recording");
  if (recording.rotation.count && !recording.rotation.is_wanted())
    return failure("--keep needs --rotate-size or --rotate-age", "it is about their files");
  if (!recording.from) return {};
  const bool has_target = options.command || !options.command_words.empty() || options.pid;
  if (has_target || options.user)
    return failure("--from replays a recording, which has its own processes",
                   "without a command and without -x");
  if (recording.file) return failure("--from and --record exclude each other", "it is recorded");
  return {};
}

ParsedRun parse_run(const std::vector<std::string>& arguments) {
  ParsedRun parsed;
  RunLine line;
  std::optional<Error>& mistake = line.mistake;
  parsed.exit_status = parse_arguments(line.app, arguments);
  if (const auto together = check_run(line.given); !together && !mistake)
    mistake = together.error();
  if (mistake && !parsed.exit_status) {
    if (mistake->hint.empty()) mistake->hint = "socktap run --help lists what there is";
    print_error(*mistake);
    parsed.exit_status = exit_usage;
  }
  parsed.options = std::move(line.given.run);
  return parsed;
}

}  // namespace socktap::cli
