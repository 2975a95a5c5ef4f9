#include "language/clone.h"

#include "base/overloaded.h"

namespace socktap::language::ast {
namespace {

ExprPtr clone_or_null(const ExprPtr& expression) {
  return expression ? clone(*expression) : nullptr;
}

std::vector<ExprPtr> clone_all(const std::vector<ExprPtr>& expressions) {
  std::vector<ExprPtr> copies;
  copies.reserve(expressions.size());
  for (const ExprPtr& expression : expressions) copies.push_back(clone_or_null(expression));
  return copies;
}

}  // namespace

ExprPtr clone(const Expr& expression) {
  auto copy = std::make_unique<Expr>();
  copy->span = expression.span;
  std::visit(
      Overloaded{
          [&](const Subscript& e) {
            copy->node = Subscript{clone_or_null(e.base), clone_all(e.keys)};
          },
          [&](const Unary& e) {
            copy->node = Unary{e.op, clone_or_null(e.operand)};
          },
          [&](const Binary& e) {
            copy->node = Binary{e.op, clone_or_null(e.left), clone_or_null(e.right)};
          },
          [&](const Conditional& e) {
            copy->node = Conditional{clone_or_null(e.condition), clone_or_null(e.then),
                                     clone_or_null(e.otherwise)};
          },
          [&](const Assign& e) {
            copy->node = Assign{e.op, clone_or_null(e.target), clone_or_null(e.value)};
          },
          [&](const Increment& e) {
            copy->node = Increment{clone_or_null(e.target), e.delta, e.prefix};
          },
          [&](const In& e) {
            copy->node = In{clone_all(e.keys), e.array, e.array_span};
          },
          [&](const Match& e) {
            copy->node = Match{clone_or_null(e.subject), e.pattern, e.pattern_span, e.negated};
          },
          [&](const Call& e) {
            copy->node = Call{e.function, e.name_span, clone_all(e.arguments)};
          },
          [&](const AtOperator& e) {
            copy->node = AtOperator{e.name, clone_all(e.arguments)};
          },
          [&](const auto& leaf) { copy->node = leaf; },
      },
      expression.node);
  return copy;
}

}  // namespace socktap::language::ast
