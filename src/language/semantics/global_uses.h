// Which globals the handlers read and assign, and the functions that they call.
#pragma once

#include "language/typed_program.h"

namespace socktap::language::semantics {

// Sets Global::is_read and Global::is_written. What a statement only combines with the old value,
// as in `n++` by itself, reads nothing.
void note_global_uses(TypedProgram& program);

}  // namespace socktap::language::semantics
