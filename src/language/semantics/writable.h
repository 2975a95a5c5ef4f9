// A typed program's trees are its own and were made writable: the phases that finish it may.
#pragma once

#include "language/typed_program.h"

namespace socktap::language::semantics {

inline Expr& writable(const Expr& expression) { return const_cast<Expr&>(expression); }
inline Stmt& writable(const Stmt& statement) { return const_cast<Stmt&>(statement); }

}  // namespace socktap::language::semantics
