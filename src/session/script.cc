#include "session/script.h"

#include <sys/utsname.h>

#include <algorithm>
#include <string_view>

#include "session/kernel_config.h"
#include "vm/compile.h"
#include "vm/regex.h"

namespace socktap::session {
namespace {

bool mentions_kernel_config(const Script& script) {
  const auto mentions = [](std::string_view text) {
    return text.find("CONFIG_") != std::string_view::npos;
  };
  for (std::uint32_t text = 0; text < script.sources.size(); ++text)
    if (mentions(script.sources.text(text))) return true;
  return std::ranges::any_of(script.invocation.arguments, mentions);
}

}  // namespace

language::Invocation invocation_here() {
  utsname kernel{};
  ::uname(&kernel);
  language::Invocation invocation;
  invocation.kernel_release = kernel.release;
  invocation.architecture = kernel.machine;
  invocation.pattern_error = vm::regex_error;
  return invocation;
}

void tell_kernel_config(Script& script) {
  if (mentions_kernel_config(script))
    script.invocation.kernel_config = read_kernel_config(script.invocation.kernel_release);
}

std::unique_ptr<const Runnable> make_runnable(language::TypedProgram program,
                                              const plan::Capabilities& capabilities,
                                              const vm::Limits& limits, plan::Shown shown) {
  auto runnable = std::make_unique<Runnable>(std::move(program));
  runnable->plan = plan::make_plan(runnable->program, capabilities, limits.max_map_entries, shown);
  runnable->code = vm::compile(runnable->program);
  return runnable;
}

}  // namespace socktap::session
