#include "language/walk.h"

#include "language/typed_children.h"

namespace socktap::language {
namespace {

auto below(const ExprVisitor& visit) {
  return [&visit](const auto& child) {
    if (child) walk(*child, visit);
  };
}

}  // namespace

void walk(const Expr& expression, const ExprVisitor& visit) {
  visit(expression);
  for_each_child(expression, below(visit));
}

void walk(const Stmt& statement, const ExprVisitor& visit) {
  for_each_child(statement, below(visit), below(visit));
}

}  // namespace socktap::language
