// What is known before the run: SystemTap computes operators of literals, takes the branch that a
// literal chooses, and leaves out what cannot change the result, run-time errors in it included.
#pragma once

#include "language/semantics/effects.h"
#include "language/typed_program.h"

namespace socktap::language::semantics {

// Whether anything was found; a statement that is never reached becomes null.
bool fold_constants(StmtPtr& statement, const Effects& effects);

}  // namespace socktap::language::semantics
