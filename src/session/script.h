// A script's texts, and what they become on this host.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/source_map.h"
#include "language/language.h"
#include "plan/plan.h"
#include "vm/code.h"
#include "vm/limits.h"

namespace socktap::session {

struct Script {
  SourceMap sources;
  std::vector<std::uint32_t> texts;  // of `sources`, in order
  language::Invocation invocation;
};

// What the running kernel and the machine bring in: release, architecture, and which regular
// expressions there are.
language::Invocation invocation_here();

// The running kernel's options, for a script that may ask for one: to read them takes milliseconds.
void tell_kernel_config(Script& script);

// A script that can run. Its parts point to each other, so it stays where it is.
struct Runnable {
  explicit Runnable(language::TypedProgram typed) : program(std::move(typed)) {}
  Runnable(const Runnable&) = delete;
  Runnable& operator=(const Runnable&) = delete;

  const language::TypedProgram program;
  plan::Plan plan;
  vm::Code code;
};

std::unique_ptr<const Runnable> make_runnable(language::TypedProgram program,
                                              const plan::Capabilities& capabilities,
                                              const vm::Limits& limits, plan::Shown shown);

}  // namespace socktap::session
