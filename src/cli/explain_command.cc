#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/message.h"
#include "cli/passes.h"

namespace socktap::cli {
namespace {

const NamedValues<Phase> phases = {{"tokens", Phase::tokens}, {"ast", Phase::ast},
                                   {"types", Phase::types},   {"plan", Phase::plan},
                                   {"code", Phase::code},     {"bpf", Phase::bpf}};

struct ExplainLine : CommandLine {
  ExplainLine();
  ScriptOptions options;
  Phase phase = Phase::words;
  Format format = Format::text;
};

ExplainLine::ExplainLine()
    : CommandLine("explain",
                  "Says what of a script runs in the kernel and why the rest does not, or shows "
                  "what it becomes.") {
  app.add_option("-e", options.text, "the script's text")->type_name("SCRIPT");
  app.add_option("script", options.words, "a script file, then its arguments")
      ->type_name("FILE ARGS");
  app.add_option("-G", options.globals, "set a global")
      ->type_name("NAME=VALUE")
      ->take_all()
      ->allow_extra_args(false);
  take_one_of(app.add_option("--dump", phase, "show what it becomes"), phases);
  add_format_option(app, format);
  app.footer(
      "\nExample:\n  socktap explain -e 'global n; probe socket.send { n += size } probe end { "
      "println(n) }'");
}

}  // namespace

std::unique_ptr<CommandLine> explain_line() { return std::make_unique<ExplainLine>(); }

int explain_command(const std::vector<std::string>& arguments) {
  ExplainLine line;
  if (const auto status = parse_arguments(line.app, arguments)) return *status;
  const bool is_for_machines = line.format != Format::text;
  if (is_for_machines && line.phase != Phase::words)
    return refuse_arguments(line.app, "--dump is text for people: it has no JSON and no CSV");
  auto script = read_script(line.options);
  if (!script) {
    print_error(script.error());
    return exit_usage;
  }
  if (is_for_machines) return print_explanation(**script, line.options, line.format);
  return print_phase(**script, line.options, line.phase, /*quiet=*/false);
}

}  // namespace socktap::cli
