// One level of a tree: calls `visit` with every direct child expression or statement of a node,
// in the order of the text. Walkers that look for one thing recurse with it and name only the
// nodes they care about.
#pragma once

#include <variant>

#include "base/overloaded.h"
#include "language/ast.h"
#include "language/visit_children.h"

namespace socktap::language::semantics {

template <typename Visit>
void for_each_child(const ast::Expr& expression, Visit visit) {
  std::visit(Overloaded{
                 [&](const ast::Subscript& e) { visit_children(visit, e.base, e.keys); },
                 [&](const ast::Unary& e) { visit_children(visit, e.operand); },
                 [&](const ast::Binary& e) { visit_children(visit, e.left, e.right); },
                 [&](const ast::Conditional& e) {
                   visit_children(visit, e.condition, e.then, e.otherwise);
                 },
                 [&](const ast::Assign& e) { visit_children(visit, e.target, e.value); },
                 [&](const ast::Increment& e) { visit_children(visit, e.target); },
                 [&](const ast::In& e) { visit_children(visit, e.keys); },
                 [&](const ast::Match& e) { visit_children(visit, e.subject); },
                 [&](const ast::Call& e) { visit_children(visit, e.arguments); },
                 [&](const ast::AtOperator& e) { visit_children(visit, e.arguments); },
                 [](const auto&) {},
             },
             expression.node);
}

template <typename VisitExpr, typename VisitStmt>
void for_each_child(const ast::Stmt& statement, VisitExpr on_expr, VisitStmt on_stmt) {
  Overloaded visit{[&](ast::Expr& child) { on_expr(child); },
                   [&](ast::Stmt& child) { on_stmt(child); }};
  std::visit(
      Overloaded{
          [&](const ast::Block& s) { visit_children(visit, s.statements); },
          [&](const ast::Evaluate& s) { visit_children(visit, s.expression); },
          [&](const ast::If& s) { visit_children(visit, s.condition, s.then, s.otherwise); },
          [&](const ast::While& s) { visit_children(visit, s.condition, s.body); },
          [&](const ast::For& s) { visit_children(visit, s.init, s.condition, s.step, s.body); },
          [&](const ast::Foreach& s) { visit_children(visit, s.container, s.limit, s.body); },
          [&](const ast::Return& s) { visit_children(visit, s.value); },
          [&](const ast::Delete& s) { visit_children(visit, s.target); },
          [&](const ast::Try& s) { visit_children(visit, s.body, s.handler); },
          [](const auto&) {},
      },
      statement.node);
}

}  // namespace socktap::language::semantics
