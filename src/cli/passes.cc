#include "cli/passes.h"

#include <fmt/format.h>

#include "cli/command.h"
#include "cli/explanation_records.h"
#include "ebpf/disassemble.h"
#include "ebpf/script_compiler.h"
#include "language/language.h"
#include "plan/explanation.h"
#include "plan/plan.h"
#include "vm/compile.h"

namespace socktap::cli {
namespace {

// Prints the outcome of a phase through `show`, or what was wrong with the script.
template <typename T, typename Show>
int show_outcome(const language::Outcome<T>& outcome, const Script& script,
                 const ScriptOptions& options, bool quiet, Show show) {
  if (!quiet || outcome.diagnostics.has_errors())
    print_diagnostics(outcome.diagnostics, script.sources, options.color);
  if (!outcome.value) return exit_script_failed;
  fmt::print("{}", show(*outcome.value));
  return exit_done;
}

int print_tokens(Script& script, const ScriptOptions& options, bool quiet) {
  auto lexed = language::lex(script.sources, script.texts.front());
  if (!lexed.value)
    return show_outcome(lexed, script, options, quiet, [](const auto&) { return ""; });
  const auto tokens =
      language::preprocess(std::move(*lexed.value), script.sources, script.invocation);
  return show_outcome(tokens, script, options, quiet, [&](const std::vector<language::Token>& all) {
    return language::dump(all, script.sources);
  });
}

int print_tree(Script& script, const ScriptOptions& options, bool quiet) {
  return show_outcome(parse_script(script), script, options, quiet,
                      [](const language::ast::Script& tree) { return language::ast::dump(tree); });
}

constexpr plan::Capabilities of_the_kernel{.filters = true, .accumulates = true};

// What target() is is only known in a run: here it is 0.
std::string kernel_part(const plan::Plan& plan) {
  const auto part = ebpf::compile_script(plan, {});
  return part ? ebpf::disassemble(*part) : "every event is wanted\n";
}

}  // namespace

int print_phase(Script& script, const ScriptOptions& options, Phase phase, bool quiet) {
  if (phase == Phase::tokens) return print_tokens(script, options, quiet);
  if (phase == Phase::ast) return print_tree(script, options, quiet);
  const auto program = compile_script(script, options, quiet);
  if (!program) return exit_script_failed;
  if (phase == Phase::types) fmt::print("{}", language::dump(*program));
  const plan::Plan plan = plan::make_plan(*program, of_the_kernel);
  if (phase == Phase::plan) fmt::print("{}", plan::dump(plan));
  if (phase == Phase::words) fmt::print("{}", plan::explanation(plan, script.sources));
  if (phase == Phase::bpf) fmt::print("{}", kernel_part(plan));
  if (phase == Phase::code) fmt::print("{}", vm::disassemble(vm::compile(*program)));
  return exit_done;
}

int print_explanation(Script& script, const ScriptOptions& options, Format format) {
  const auto program = compile_script(script, options, /*quiet=*/false);
  if (!program) return exit_script_failed;
  const plan::Plan plan = plan::make_plan(*program, of_the_kernel);
  fmt::print("{}", explanation_for_machines(plan::explain(plan, script.sources), format));
  return exit_done;
}

int run_passes(const ScriptOptions& options, int last_pass, bool quiet) {
  auto script = read_script(options);
  if (!script) {
    print_error(script.error());
    return exit_usage;
  }
  switch (last_pass) {
    case 1:
      return print_phase(**script, options, Phase::ast, quiet);
    case 2:
      return print_phase(**script, options, Phase::types, quiet);
    case 3:
      return print_phase(**script, options, Phase::code, quiet);
    default:
      return compile_script(**script, options, quiet) ? exit_done : exit_script_failed;
  }
}

}  // namespace socktap::cli
