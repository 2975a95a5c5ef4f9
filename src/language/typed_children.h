// One level of a typed program's tree: calls `visit` with every slot that holds a child, in the
// order of the text, the empty ones too. Of a tree that may be written to a slot can be written.
#pragma once

#include <concepts>
#include <type_traits>
#include <variant>

#include "base/overloaded.h"
#include "language/typed_program.h"

namespace socktap::language {

// The place that an expression assigns to; nullptr: it is no assignment.
inline const Place* assigned_place(const Expr& expression) {
  if (const auto* assign = std::get_if<Assign>(&expression.node)) return &assign->target;
  if (const auto* increment = std::get_if<Increment>(&expression.node)) return &increment->target;
  return nullptr;
}

template <typename Node, typename Tree>
concept Maybe = std::same_as<std::remove_const_t<Node>, Tree>;

template <Maybe<Expr> Node, typename Visit>
void for_each_child(Node& expression, Visit visit) {
  const auto each = [&visit](auto& children) {
    for (auto& child : children) visit(child);
  };
  std::visit(Overloaded{
                 [&](Maybe<Load> auto& e) { each(e.place.keys); },
                 [&](Maybe<Unary> auto& e) { visit(e.operand); },
                 [&](Maybe<Binary> auto& e) { visit(e.left), visit(e.right); },
                 [&](Maybe<Conditional> auto& e) {
                   visit(e.condition), visit(e.then), visit(e.otherwise);
                 },
                 [&](Maybe<Assign> auto& e) { each(e.target.keys), visit(e.value); },
                 [&](Maybe<Increment> auto& e) { each(e.target.keys); },
                 [&](Maybe<Contains> auto& e) { each(e.keys); },
                 [&](Maybe<Match> auto& e) { visit(e.subject); },
                 [&](Maybe<Call> auto& e) { each(e.arguments); },
                 [&](Maybe<LibraryCall> auto& e) { each(e.arguments); },
                 [&](Maybe<Extract> auto& e) { each(e.statistic.keys); },
                 [&](Maybe<Bucket> auto& e) { each(e.statistic.keys), visit(e.index); },
                 [&](Maybe<HistogramText> auto& e) { each(e.statistic.keys); },
                 [&](Maybe<Print> auto& e) { visit(e.delimiter), each(e.arguments); },
                 [](Maybe<NumberLiteral> auto&) {},
                 [](Maybe<StringLiteral> auto&) {},
                 [](Maybe<EventVariable> auto&) {},
             },
             expression.node);
}

// `on_expression` and `on_statement`: one call for each slot of its kind.
template <Maybe<Stmt> Node, typename OnExpression, typename OnStatement>
void for_each_child(Node& statement, OnExpression on_expression, OnStatement on_statement) {
  Overloaded visit{[&](Maybe<ExprPtr> auto& child) { on_expression(child); },
                   [&](Maybe<StmtPtr> auto& child) { on_statement(child); }};
  const auto each = [&visit](auto& children) {
    for (auto& child : children) visit(child);
  };
  std::visit(Overloaded{
                 [&](Maybe<Block> auto& s) { each(s.statements); },
                 [&](Maybe<Evaluate> auto& s) { visit(s.expression); },
                 [&](Maybe<If> auto& s) { visit(s.condition), visit(s.then), visit(s.otherwise); },
                 [&](Maybe<Loop> auto& s) {
                   visit(s.init), visit(s.condition), visit(s.step), visit(s.body);
                 },
                 [&](Maybe<Foreach> auto& s) {
                   each(s.slice);
                   if (s.histogram) each(s.histogram->keys);
                   visit(s.limit), visit(s.body);
                 },
                 [](Maybe<Break> auto&) {},
                 [](Maybe<Continue> auto&) {},
                 [](Maybe<Next> auto&) {},
                 [&](Maybe<Return> auto& s) { visit(s.value); },
                 [&](Maybe<Delete> auto& s) { each(s.target.keys); },
                 [&](Maybe<Try> auto& s) { visit(s.body), visit(s.handler); },
             },
             statement.node);
}

// The statements only.
template <Maybe<Stmt> Node, typename Visit>
void for_each_statement(Node& statement, Visit visit) {
  for_each_child(
      statement, [](const ExprPtr&) {},
      [&visit](auto& child) {
        if (child) visit(*child);
      });
}

}  // namespace socktap::language
