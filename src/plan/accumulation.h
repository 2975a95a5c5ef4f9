// Which handlers run where events arise, and what is kept of globals there.
//
// A global is kept there only if all handlers of events that name it run there and update it in one
// way (threads' own elements in any: plan/threads.h), and no error handler or fast timer looks at
// it; the machine merges what was kept before other handlers look. Nothing is if a handler of
// events, or of a fast timer, may end the run: what is kept would be ahead of it.
#pragma once

#include <vector>

#include "language/typed_program.h"
#include "plan/kernel_expression.h"
#include "plan/note.h"
#include "plan/tables.h"

namespace socktap::plan {

struct Accumulation {
  std::vector<bool> in_kernel;           // by handler: it runs there, whole
  std::vector<std::vector<Note>> notes;  // by handler: why it runs in the machine
  Tables tables;
};

// `may_be_kept`, by handler: whether its events may be kept from the machine at all. `scope`: of
// handlers.
Accumulation accumulation_of(const language::TypedProgram& program,
                             const std::vector<bool>& may_be_kept, const KernelScope& scope);

// Whether a handler names a global of the tables, or may end the run: then it must find merged what
// was kept until it runs.
bool must_find_merged(const language::TypedProgram& program, const language::Handler& handler,
                      const Tables& tables);

}  // namespace socktap::plan
