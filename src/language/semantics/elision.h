// Leaves out what has no effect, as SystemTap does before it runs a script: assignments to locals
// that nothing reads, expressions whose value nobody asks for and that change nothing, and the
// conditions, loops and attempts that have nothing else in them. What shows is that errors in them
// do not happen, that a loop without a body sorts no array, and which globals nothing reads.
#pragma once

#include "language/typed_program.h"

namespace socktap::language::semantics {

void elide(TypedProgram& program);

}  // namespace socktap::language::semantics
