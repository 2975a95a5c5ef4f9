#include "cli/stap_option_table.h"

#include "cli/stap_arguments.h"

namespace socktap::cli {
namespace {

using Task = StapOptions::Task;
using Text = const std::string&;

constexpr auto none = StapOption::Argument::none;
constexpr auto required = StapOption::Argument::required;
constexpr auto optional = StapOption::Argument::optional;
constexpr auto used = StapOption::Effect::used;
constexpr auto nothing = StapOption::Effect::nothing;
constexpr auto stap_only = StapOption::Effect::stap_only;

// A row's function that sets a flag, a number or a list, or asks for a task.
template <auto Set>
Result<void> set(StapOptions& options, Text argument) {
  Set(options, argument);
  return {};
}

template <Task task>
Result<void> ask(StapOptions& options, Text argument) {
  return stap::list(options, task, argument);
}

template <Task task>
Result<void> only(StapOptions& options, Text) {  // whatever else is asked for
  options.task = task;
  return {};
}

constexpr const char* no_module = "no kernel module is built";
constexpr const char* no_debuginfo = "no debuginfo is read";
constexpr const char* no_cache = "nothing is cached: a script starts in milliseconds";
constexpr const char* no_server = "no compile server is needed";
constexpr const char* no_signature = "there is no module to sign, load or trust";
constexpr const char* no_symbols = "no backtrace is taken, so no symbols are needed";

constexpr StapOption rows[] = {
    // The script.
    {'e', "", required, "SCRIPT", used, "the script's text", stap::script},
    {'E', "", required, "SCRIPT", used, "run this script's text too", stap::additional_script},
    {'G', "", required, "NAME=VALUE", used, "set a global before the script starts",
     set<[](StapOptions& o, Text a) { o.run.script.globals.push_back(a); }>},
    {'I', "", required, "DIR", used, "use what the scripts in DIR declare and this one needs",
     set<[](StapOptions& o, Text a) { o.run.script.tapset_folders.push_back(a); }>},
    {0, "compatible", required, "VERSION", used, "systemtap_v is VERSION; the language is 4.8's",
     stap::version},
    {0, "example", none, "", stap_only, "FILE is one of the packaged examples",
     set<[](StapOptions& o, Text) { o.is_example = true; }>},

    // The run.
    {'c', "", required, "CMD", used, "start CMD and end with it; target() is its pid",
     set<[](StapOptions& o, Text a) { o.run.command = a; }>},
    {'x', "", required, "PID", used, "target() is PID", stap::process},
    {'T', "", required, "SECONDS", used, "end after this many seconds", stap::seconds},
    {'D', "", required, "NAME=VALUE", used,
     "set a limit: MAXSTRINGLEN MAXMAPENTRIES MAXACTION MAXNESTING MAXERRORS "
     "HIST_ELISION",
     set<[](StapOptions& o, Text a) { o.run.definitions.push_back(a); }>},
    {'s', "", required, "MB", used, "size of the event buffer of each CPU", stap::buffer_size},
    {'p', "", required, "NUM", used,
     "stop after pass NUM: 1 prints the tree, 2 the types, 3 the code, 4 nothing", stap::last_pass},
    {'g', "", none, "", used, "guru mode: --suppress-time-limits needs it, and guru_mode is 1",
     set<[](StapOptions& o, Text) { o.run.script.guru = true; }>},
    {0, "suppress-time-limits", none, "", used, "no MAXACTION (with -g)",
     stap::suppress_time_limits},
    {0, "suppress-handler-errors", none, "", used, "run-time errors only end their handler",
     set<[](StapOptions& o, Text) { o.run.script.suppress_handler_errors = true; }>},
    {0, "no-global-var-display", none, "", used, "do not print unread globals at the end",
     set<[](StapOptions& o, Text) { o.run.script.hide_globals = true; }>},

    // What is said.
    {'o', "", required, "FILE", used, "write the output to FILE; strftime(3) conversions count",
     stap::output},
    {'S', "", required, "MB[,COUNT]", used,
     "with -o: go on to FILE.1, FILE.2 ... when FILE.0 is full; keep COUNT files",
     stap::file_limits},
    {'t', "", none, "", used, "at the end print how often each handler ran, and how long in ns",
     set<[](StapOptions& o, Text) { o.run.time_handlers = true; }>},
    {'v', "", none, "", used, "say more: how each path is seen, all counts, unused options",
     set<[](StapOptions& o, Text) { ++o.run.verbose; }>},
    {0, "vp", required, "DIGITS", used, "the same; only the fifth digit, the run's, counts",
     stap::verbosity},
    {'w', "", none, "", used, "no warnings",
     set<[](StapOptions& o, Text) { o.run.warnings = false; }>},
    {'W', "", none, "", used, "warnings about the script are errors",
     set<[](StapOptions& o, Text) { o.run.script.warnings_are_errors = true; }>},
    {0, "color", optional, "WHEN", used, "always, never or auto: colour in messages", stap::color},
    {0, "colour", optional, "WHEN", used, "the same", stap::color},

    // Instead of a run.
    {'l', "", required, "PATTERN", stap_only, "list the probe points that match",
     ask<Task::list_points>},
    {'L', "", required, "PATTERN", stap_only, "the same with their variables and types",
     ask<Task::list_signatures>},
    {0, "dump-probe-types", none, "", stap_only, "list the kinds of probe points",
     ask<Task::list_types>},
    {0, "dump-probe-aliases", none, "", stap_only, "list the tapset's probe points",
     ask<Task::list_aliases>},
    {0, "dump-functions", none, "", stap_only, "list the library functions",
     ask<Task::list_functions>},
    {'h', "help", none, "", stap_only, "this text", only<Task::help>},
    {'V', "version", none, "", stap_only, "versions", only<Task::version>},
    {0, "clean-cache", none, "", stap_only, "end at once: there is no cache", only<Task::nothing>},
    {0, "list-servers", optional, "WHICH", stap_only, "end at once: there are none",
     only<Task::nothing>},
    {0, "trust-servers", optional, "TRUST", stap_only, "end at once: there are none",
     only<Task::nothing>},

    // Refused, or taken if it asks for what happens anyway.
    {0, "remote", required, "HOST", used, "refused: ssh HOST socktap ...", stap::refuse_remote},
    {0, "runtime", required, "MODE", used, "kernel and bpf are the same; dyninst is refused",
     stap::runtime},
    {0, "dyninst", none, "", used, "refused: sockets are traced in the kernel",
     stap::refuse_dyninst},

    // Nothing.
    {'a', "", required, "ARCH", nothing, "scripts run on this machine only", nullptr},
    {'b', "", none, "", nothing, "output keeps the order of events, in one file", nullptr},
    {'B', "", required, "NAME=VALUE", nothing, no_module, nullptr},
    {'d', "", required, "OBJECT", nothing, no_symbols, nullptr},
    {'F', "", none, "", nothing, "the run stays in the foreground", nullptr},
    {'i', "interactive", none, "", nothing, "scripts are texts or files", nullptr},
    {'k', "", none, "", nothing, "nothing is built, so nothing is kept", nullptr},
    {'m', "", required, "MODULE", nothing, no_module, nullptr},
    {'P', "", none, "", nothing, no_debuginfo, nullptr},
    {'q', "", none, "", nothing, "there are no numbers on the tapset's coverage", nullptr},
    {'r', "", required, "RELEASE", nothing, "scripts run on the running kernel only", nullptr},
    {'R', "", required, "DIR", nothing, "the runtime is built in", nullptr},
    {'u', "", none, "", nothing, "unused code is always checked and never costs", nullptr},
    {0, "all-modules", none, "", nothing, no_symbols, nullptr},
    {0, "ldd", none, "", nothing, no_symbols, nullptr},
    {0, "bpf", none, "", nothing, "it is eBPF anyway", nullptr},
    {0, "check-version", none, "", nothing, "the language is that of 4.8", nullptr},
    {0, "client-options", none, "", nothing, no_server, nullptr},
    {0, "disable-cache", none, "", nothing, no_cache, nullptr},
    {0, "poison-cache", none, "", nothing, no_cache, nullptr},
    {0, "download-debuginfo", optional, "ANSWER", nothing, no_debuginfo, stap::check_download},
    {0, "modinfo", required, "NAME=VALUE", nothing, no_module, nullptr},
    {0, "monitor", optional, "SECONDS", nothing, "there is no status screen", stap::check_interval},
    {0, "privilege", required, "LEVEL", nothing, "the kernel decides who may trace",
     stap::check_privilege},
    {0, "unprivileged", none, "", nothing, "the kernel decides who may trace", nullptr},
    {0, "prologue-searching", optional, "WHEN", nothing, no_debuginfo, stap::check_when},
    {0, "remote-prefix", none, "", nothing, "scripts run on this machine only", nullptr},
    {0, "rlimit-as", required, "NUM", nothing, no_server, stap::check_resource_limit},
    {0, "rlimit-cpu", required, "NUM", nothing, no_server, stap::check_resource_limit},
    {0, "rlimit-nproc", required, "NUM", nothing, no_server, stap::check_resource_limit},
    {0, "rlimit-stack", required, "NUM", nothing, no_server, stap::check_resource_limit},
    {0, "rlimit-fsize", required, "NUM", nothing, no_server, stap::check_resource_limit},
    {0, "save-uprobes", none, "", nothing, no_module, nullptr},
    {0, "sign-module", optional, "SERVER", nothing, no_signature, nullptr},
    {0, "skip-badvars", none, "", nothing, "a variable either exists here or it is refused",
     nullptr},
    {0, "sysenv", required, "NAME=VALUE", nothing, "scripts run on this machine only", nullptr},
    {0, "sysroot", required, "DIR", nothing, "scripts run on this machine only", nullptr},
    {0, "target-namespaces", required, "PID", nothing,
     "ns_pid() and its kin answer for socktap's own name space", nullptr},
    {0, "tmpdir", required, "DIR", nothing, "no temporary file is written", nullptr},
    {0, "use-server", optional, "SERVER", nothing, no_server, nullptr},
    {0, "use-http-server", required, "SERVER", nothing, no_server, nullptr},
    {0, "use-server-on-error", optional, "ANSWER", nothing, no_server, stap::check_yes_or_no},
};

}  // namespace

std::string StapOption::spelling() const {
  return letter != 0 ? std::string{'-', letter} : "--" + std::string(name);
}

std::span<const StapOption> stap_options() { return rows; }

Result<void> take(const StapOption& row, StapOptions& options, const std::string& argument) {
  if (row.effect == StapOption::Effect::nothing)
    options.run.notes.push_back(row.spelling() + ": " + std::string(row.text));
  return row.take != nullptr ? row.take(options, argument) : Result<void>();
}

}  // namespace socktap::cli
