#include <map>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/message.h"
#include "cli/passes.h"

namespace socktap::cli {

int explain_command(const std::vector<std::string>& arguments) {
  const std::map<std::string, Phase> phases = {{"tokens", Phase::tokens}, {"ast", Phase::ast},
                                               {"types", Phase::types},   {"plan", Phase::plan},
                                               {"code", Phase::code},     {"bpf", Phase::bpf},
                                               {"", Phase::words}};
  ScriptOptions options;
  std::string phase;
  CLI::App app(
      "Says what of a script runs in the kernel and why the rest does not, or shows what it "
      "becomes.",
      "socktap explain");
  app.add_option("-e", options.text, "the script's text")->type_name("SCRIPT");
  app.add_option("script", options.words, "a script file, then its arguments")
      ->type_name("FILE ARGS");
  app.add_option("-G", options.globals, "set a global")
      ->type_name("NAME=VALUE")
      ->take_all()
      ->allow_extra_args(false);
  app.add_option("--dump", phase, "what it becomes: tokens, ast, types, plan, code or bpf")
      ->check(CLI::IsMember({"tokens", "ast", "types", "plan", "code", "bpf"}));
  app.footer(
      "\nExample:\n  socktap explain -e 'global n; probe socket.send { n += size } probe end { "
      "println(n) }'");
  if (const auto status = parse_arguments(app, arguments)) return *status;
  auto script = read_script(options);
  if (!script) {
    print_error(script.error());
    return exit_usage;
  }
  return print_phase(**script, options, phases.at(phase), /*quiet=*/false);
}

}  // namespace socktap::cli
