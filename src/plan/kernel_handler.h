// Handlers that can run where events arise, whole: they update globals and what threads have of
// their own and do nothing else, under conditions and with values that can be computed there.
#pragma once

#include <tl/expected.hpp>
#include <vector>

#include "language/typed_program.h"
#include "plan/kernel_expression.h"
#include "plan/note.h"
#include "plan/tables.h"

namespace socktap::plan {

// A statement of it that updates a global, and how that is kept.
struct GlobalUpdate {
  const language::Expr* statement;  // an Assign or Increment
  const language::Place* target;
  std::vector<Kept> key;  // of each of the target's columns
  Cell cell;
};

// What such a handler updates besides elements of the threads', in the order of the text; or why it
// is none. `scope`: of handlers.
tl::expected<std::vector<GlobalUpdate>, Note> updates_of(const language::TypedProgram& program,
                                                         const language::Handler& handler,
                                                         const KernelScope& scope);

}  // namespace socktap::plan
