// One level of a tree: calls `visit` with every direct child expression or statement of a node,
// in the order of the text. Walkers that look for one thing recurse with it and name only the
// nodes they care about.
#pragma once

#include <variant>

#include "base/overloaded.h"
#include "language/ast.h"

namespace socktap::language::semantics {

namespace detail {

template <typename Visit>
void each(const std::vector<ast::ExprPtr>& expressions, Visit& visit) {
  for (const ast::ExprPtr& expression : expressions)
    if (expression) visit(*expression);
}

template <typename Pointer, typename Visit>
void maybe(const Pointer& child, Visit& visit) {
  if (child) visit(*child);
}

}  // namespace detail

template <typename Visit>
void for_each_child(const ast::Expr& expression, Visit visit) {
  std::visit(Overloaded{
                 [&](const ast::Subscript& e) {
                   detail::maybe(e.base, visit);
                   detail::each(e.keys, visit);
                 },
                 [&](const ast::Unary& e) { detail::maybe(e.operand, visit); },
                 [&](const ast::Binary& e) {
                   detail::maybe(e.left, visit);
                   detail::maybe(e.right, visit);
                 },
                 [&](const ast::Conditional& e) {
                   detail::maybe(e.condition, visit);
                   detail::maybe(e.then, visit);
                   detail::maybe(e.otherwise, visit);
                 },
                 [&](const ast::Assign& e) {
                   detail::maybe(e.target, visit);
                   detail::maybe(e.value, visit);
                 },
                 [&](const ast::Increment& e) { detail::maybe(e.target, visit); },
                 [&](const ast::In& e) { detail::each(e.keys, visit); },
                 [&](const ast::Match& e) { detail::maybe(e.subject, visit); },
                 [&](const ast::Call& e) { detail::each(e.arguments, visit); },
                 [&](const ast::AtOperator& e) { detail::each(e.arguments, visit); },
                 [](const auto&) {},
             },
             expression.node);
}

template <typename VisitExpr, typename VisitStmt>
void for_each_child(const ast::Stmt& statement, VisitExpr on_expr, VisitStmt on_stmt) {
  std::visit(Overloaded{
                 [&](const ast::Block& s) {
                   for (const ast::StmtPtr& child : s.statements) detail::maybe(child, on_stmt);
                 },
                 [&](const ast::Evaluate& s) { detail::maybe(s.expression, on_expr); },
                 [&](const ast::If& s) {
                   detail::maybe(s.condition, on_expr);
                   detail::maybe(s.then, on_stmt);
                   detail::maybe(s.otherwise, on_stmt);
                 },
                 [&](const ast::While& s) {
                   detail::maybe(s.condition, on_expr);
                   detail::maybe(s.body, on_stmt);
                 },
                 [&](const ast::For& s) {
                   detail::maybe(s.init, on_expr);
                   detail::maybe(s.condition, on_expr);
                   detail::maybe(s.step, on_expr);
                   detail::maybe(s.body, on_stmt);
                 },
                 [&](const ast::Foreach& s) {
                   detail::maybe(s.container, on_expr);
                   detail::maybe(s.limit, on_expr);
                   detail::maybe(s.body, on_stmt);
                 },
                 [&](const ast::Return& s) { detail::maybe(s.value, on_expr); },
                 [&](const ast::Delete& s) { detail::maybe(s.target, on_expr); },
                 [&](const ast::Try& s) {
                   detail::maybe(s.body, on_stmt);
                   detail::maybe(s.handler, on_stmt);
                 },
                 [](const auto&) {},
             },
             statement.node);
}

}  // namespace socktap::language::semantics
