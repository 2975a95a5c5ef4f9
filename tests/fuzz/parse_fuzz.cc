// Any bytes are either a script or get a diagnostic: lexer, preprocessor, parser and checker
// neither crash nor hang, and every diagnostic points into its text. What is a script has a plan
// and code that keeps to the rules of the machine; it is not run.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "language/language.h"
#include "plan/plan.h"
#include "vm/compile.h"
#include "vm/regex.h"
#include "vm/verify.h"

namespace {

using namespace socktap;
using namespace socktap::language;

void require(bool holds) {
  if (!holds) std::abort();
}

void require_place(const Span& span, const SourceMap& sources) {
  require(span.source < sources.size());
  require(span.begin <= span.end && span.end <= sources.text(span.source).size());
}

void check_diagnostics(const Diagnostics& diagnostics, const SourceMap& sources) {
  for (const Diagnostic& diagnostic : diagnostics.all()) {
    require_place(diagnostic.span, sources);
    for (const DiagnosticNote& note : diagnostic.notes) {
      if (note.span) require_place(*note.span, sources);
    }
    require(!render(diagnostic, sources, false).empty());
  }
}

Invocation invocation() {
  Invocation invocation;
  invocation.arguments = {"5", "socket.{send,receive}", "a + @count(b)"};
  invocation.kernel_release = "6.1.57-13-amd64";
  invocation.architecture = "x86_64";
  invocation.kernel_config = {{{"CONFIG_NET", "y"}, {"CONFIG_HZ", "250"}}};
  invocation.pattern_error = vm::regex_error;
  return invocation;
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  SourceMap sources;
  const auto source =
      sources.add("fuzz.stp", std::string(reinterpret_cast<const char*>(data), size));
  const auto script = parse(sources, source, invocation());
  require(script.value.has_value() == !script.diagnostics.has_errors());
  check_diagnostics(script.diagnostics, sources);
  if (!script.value) return 0;
  dump(*script.value);
  const auto program = check(*script.value, invocation());
  require(program.value.has_value() == !program.diagnostics.has_errors());
  check_diagnostics(program.diagnostics, sources);
  if (!program.value) return 0;
  dump(*program.value);
  dump(plan::make_plan(*program.value, {.filters = true}));
  const vm::Code code = vm::compile(*program.value);
  require(vm::verify(code).empty());
  require(!vm::disassemble(code).empty());
  return 0;
}
