// Making and changing the nodes of a typed program: while it is made its trees are its own.
#pragma once

#include <memory>
#include <utility>

#include "language/typed_program.h"

namespace socktap::language::semantics {

inline Expr& writable(const Expr& expression) { return const_cast<Expr&>(expression); }
inline Stmt& writable(const Stmt& statement) { return const_cast<Stmt&>(statement); }

ExprPtr make_expression(Type type, Span span, auto node) {
  auto expression = std::make_unique<Expr>();
  expression->type = type;
  expression->span = span;
  expression->node = std::move(node);
  return expression;
}

inline ExprPtr make_number(std::int64_t value, Span span) {
  return make_expression(Type::number, span, NumberLiteral{value});
}

StmtPtr make_statement(Span span, auto node) {
  auto statement = std::make_unique<Stmt>();
  statement->span = span;
  statement->node = std::move(node);
  return statement;
}

inline bool is_local(const Place& place) { return place.kind == Place::Kind::local; }

}  // namespace socktap::language::semantics
