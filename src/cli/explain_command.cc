#include <fmt/format.h>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/message.h"
#include "cli/script.h"
#include "language/language.h"
#include "plan/plan.h"
#include "vm/compile.h"

namespace socktap::cli {
namespace {

// Prints the outcome of a phase through `show`, or what was wrong with the script.
template <typename T, typename Show>
int show_outcome(const language::Outcome<T>& outcome, const SourceMap& sources, Show show) {
  print_diagnostics(outcome.diagnostics, sources);
  if (!outcome.value) return exit_script_failed;
  fmt::print("{}", show(*outcome.value));
  return exit_done;
}

int dump_tokens(Script& script) {
  auto lexed = language::lex(script.sources, script.source);
  if (!lexed.value) return show_outcome(lexed, script.sources, [](const auto&) { return ""; });
  const auto tokens =
      language::preprocess(std::move(*lexed.value), script.sources, script.invocation);
  return show_outcome(tokens, script.sources, [&](const std::vector<language::Token>& all) {
    return language::dump(all, script.sources);
  });
}

int dump_ast(Script& script) {
  const auto parsed = language::parse(script.sources, script.source, script.invocation);
  return show_outcome(parsed, script.sources,
                      [](const language::ast::Script& ast) { return language::ast::dump(ast); });
}

int dump_program(Script& script, const std::string& phase) {
  const auto program = compile_script(script, /*quiet=*/false);
  if (!program) return exit_script_failed;
  if (phase == "types") {
    fmt::print("{}", language::dump(*program));
  } else if (phase == "plan") {
    fmt::print("{}", plan::dump(plan::make_plan(*program, {})));
  } else {
    fmt::print("{}", vm::disassemble(vm::compile(*program)));
  }
  return exit_done;
}

}  // namespace

int explain_command(const std::vector<std::string>& arguments) {
  ScriptOptions options;
  std::string phase = "plan";
  CLI::App app("Shows what a script becomes, phase by phase.", "socktap explain");
  app.add_option("-e", options.text, "the script's text")->type_name("SCRIPT");
  app.add_option("script", options.words, "a script file, then its arguments")
      ->type_name("FILE ARGS");
  app.add_option("-G", options.globals, "set a global")
      ->type_name("NAME=VALUE")
      ->take_all()
      ->allow_extra_args(false);
  app.add_option("--dump", phase, "tokens, ast, types, plan or code")
      ->check(CLI::IsMember({"tokens", "ast", "types", "plan", "code"}));
  app.footer(
      "\nExample:\n  socktap explain --dump=types -e 'global n; probe socket.send { n += size }'");
  if (const auto status = parse_arguments(app, arguments)) return *status;
  auto script = read_script(options);
  if (!script) {
    print_error(script.error());
    return exit_usage;
  }
  if (phase == "tokens") return dump_tokens(**script);
  if (phase == "ast") return dump_ast(**script);
  return dump_program(**script, phase);
}

}  // namespace socktap::cli
