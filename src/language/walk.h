// Visits every expression below a statement or an expression of a typed program, parents before
// children, in source order.
#pragma once

#include <functional>

#include "language/typed_program.h"

namespace socktap::language {

using ExprVisitor = std::function<void(const Expr&)>;

void walk(const Expr& expression, const ExprVisitor& visit);
void walk(const Stmt& statement, const ExprVisitor& visit);

}  // namespace socktap::language
