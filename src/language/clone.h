// Copies of parts of a script's tree.
#pragma once

#include "language/ast.h"

namespace socktap::language::ast {

ExprPtr clone(const Expr& expression);

}  // namespace socktap::language::ast
