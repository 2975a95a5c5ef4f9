// Handlers that can run where events arise, whole: they update globals and do nothing else, under
// conditions and with values that can be computed there.
#pragma once

#include <tl/expected.hpp>
#include <vector>

#include "language/typed_program.h"
#include "plan/note.h"
#include "plan/settled.h"
#include "plan/tables.h"

namespace socktap::plan {

// A statement of it that updates a global, and how that is kept.
struct GlobalUpdate {
  const language::Expr* statement;  // an Assign or Increment
  const language::Place* target;
  std::vector<Kept> key;  // of each of the target's columns
  Cell cell;
};

// What such a handler updates, in the order of the text; or why it is none.
tl::expected<std::vector<GlobalUpdate>, Note> updates_of(const language::TypedProgram& program,
                                                         const language::Handler& handler,
                                                         const SettledGlobals& settled);

}  // namespace socktap::plan
