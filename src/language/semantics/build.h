// Builds the typed tree of one handler or function from what inference found out. Asks nothing and
// reports nothing: everything here has passed.
#pragma once

#include <deque>
#include <vector>

#include "language/semantics/symbols.h"
#include "language/semantics/unit.h"
#include "language/typed_program.h"

namespace socktap::language::semantics {

class TreeBuilder {
 public:
  // `function_index` gives a function's index in the typed program by that in the symbols.
  TreeBuilder(const Symbols& symbols, const TypeTable& types,
              const std::vector<std::uint32_t>& function_index, const Unit& unit);

  ExprPtr build_condition();  // null if the handler has none
  StmtPtr build_body();
  std::vector<Local> build_locals();

 private:
  // build_expression.cc
  ExprPtr build(const ast::Expr& expression);
  ExprPtr build_or_null(const ast::ExprPtr& expression);
  std::vector<ExprPtr> build_all(const std::vector<ast::ExprPtr>& expressions);
  ExprPtr build_name(std::string_view name, Span span);
  ExprPtr build_event_variable(tapset::Variable variable, Span span);
  ExprPtr build_binary(const ast::Binary& binary, Span span);
  ExprPtr build_conditional(const ast::Conditional& conditional, Span span);
  ExprPtr build_assign(const ast::Assign& assign, Span span);
  ExprPtr build_subscript(const ast::Subscript& subscript, Span span);
  ExprPtr build_call(const ast::Expr& expression, const ast::Call& call);
  ExprPtr build_print(const ast::Call& call, Span span);
  ExprPtr build_operator(const ast::AtOperator& op, Span span);

  // build_place.cc
  Place build_place(const ast::Expr& expression);
  Place place_of(std::string_view name);
  Type type_of(const Place& place);
  std::uint32_t global_index(const ast::Expr& base);

  // build_statement.cc
  StmtPtr build(const ast::Stmt& statement);
  StmtPtr build_or_null(const ast::StmtPtr& statement);
  StmtPtr build_effect(const ast::Expr& expression, Span span);
  StmtPtr build_start(std::uint32_t local);
  StmtPtr build_if(const ast::If& statement, Span span);
  StmtPtr build_foreach(const ast::Foreach& loop, Span span);
  StmtPtr build_delete(const ast::Delete& statement, Span span);
  StmtPtr build_try(const ast::Try& statement, Span span);

  // The local that foreach or catch fills. If the script named a global, that is a local of our
  // own, and `copies` gets the statement that passes its value on.
  std::uint32_t target_local(std::string_view name, Type type, Span span,
                             std::vector<StmtPtr>& copies);

  const Symbols& symbols_;
  const TypeTable& types_;
  const std::vector<std::uint32_t>& function_index_;
  const Unit& unit_;
  std::vector<Local> extra_locals_;  // follow the unit's own
  bool in_condition_ = false;  // where a local that starts as the event's is still the event's
};

// All of it: globals, the functions that are called, handlers.
TypedProgram build_program(const Symbols& symbols, const TypeTable& types,
                           const std::deque<Unit>& handlers, const std::deque<Unit>& functions);

}  // namespace socktap::language::semantics
