// The checker's phases, in their order.
#include "language/language.h"
#include "language/semantics/body_copies.h"
#include "language/semantics/build.h"
#include "language/semantics/entry_values.h"
#include "language/semantics/inference.h"
#include "language/semantics/leftovers.h"
#include "language/semantics/probe_expansion.h"

namespace socktap::language {
namespace {

void report_no_probes(const ast::Script& script, semantics::Reporter& reporter) {
  const Span place = !script.probes.empty()      ? script.probes[0].span
                     : !script.functions.empty() ? script.functions[0].span
                     : !script.globals.empty()   ? script.globals[0].span
                                                 : Span{};
  reporter.error("no-probes", place, "the script has no probes: nothing of it would ever run",
                 script.probes.empty() ? "" : "none of its optional probe points is offered");
}

}  // namespace

Outcome<TypedProgram> check(const ast::Script& script, const Invocation& invocation) {
  using namespace semantics;
  Reporter reporter;
  for (const ast::EmbeddedCode& code : script.embedded_code)
    reporter.error("embedded-c", code.span,
                   "embedded C runs in a kernel module, which is never built here");
  const Prelude prelude(invocation);
  std::vector<HandlerDraft> drafts = expand_probes(script, prelude, reporter);
  if (drafts.empty() && !reporter.has_errors()) report_no_probes(script, reporter);
  if (!check_body_copies(drafts, reporter)) return {std::nullopt, reporter.take()};
  const EntryValues entries(drafts, reporter);
  TypeTable types;
  Symbols symbols = declare_symbols(script, types, reporter);
  symbols.offered = prelude.global_names();
  entries.declare(symbols, types);
  Inference inference(invocation, prelude, symbols, types, reporter);
  for (const HandlerDraft& draft : drafts) inference.infer_handler(draft);
  inference.infer_called_functions();
  const HandlerDraft arguments = prelude.argument_handler();
  if (inference.uses_arguments()) inference.infer_handler(arguments);
  apply_overrides(invocation, symbols, types, reporter);
  inference.check_statistics_as_values();
  inference.check_calls_while_iterating();
  check_leftovers(inference, symbols, types, reporter);

  Outcome<TypedProgram> outcome;
  if (!reporter.has_errors())
    outcome.value = build_program(symbols, types, inference.handlers(), inference.functions());
  outcome.diagnostics = reporter.take();
  return outcome;
}

}  // namespace socktap::language
