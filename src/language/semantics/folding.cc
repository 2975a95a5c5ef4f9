#include "language/semantics/folding.h"

#include "language/semantics/ast_walk.h"
#include "language/semantics/print_family.h"
#include "tapset/functions.h"

namespace socktap::language::semantics {
namespace {

// Locals do not count: whether one is known yet depends on how far the checker has come.
bool is_defined_name(std::string_view name, const Unit& unit, const Symbols& symbols) {
  if (symbols.global_by_name.contains(name) || symbols.is_offered(name)) return true;
  const tapset::VariableRow* row = event_variable(unit, name);
  return row != nullptr && unit.in_every_point.contains(row->id);
}

std::optional<bool> fold_operator(const ast::AtOperator& op, const Unit& unit,
                                  const Symbols& symbols) {
  if (op.arguments.size() != 1 || !op.arguments[0]) return std::nullopt;
  if (op.name == "@defined") return is_defined(*op.arguments[0], unit, symbols);
  if (op.name == "@probewrite") return fold_probewrite(*op.arguments[0], unit);
  return std::nullopt;
}

std::optional<bool> fold_binary(const ast::Binary& binary, const Unit& unit,
                                const Symbols& symbols) {
  const bool is_and = binary.op == ast::BinaryOp::logical_and;
  if (!is_and && binary.op != ast::BinaryOp::logical_or) return std::nullopt;
  const auto left = fold(*binary.left, unit, symbols);
  if (!left) return std::nullopt;
  if (*left != is_and) return left;
  return fold(*binary.right, unit, symbols);
}

}  // namespace

std::optional<bool> fold(const ast::Expr& expression, const Unit& unit, const Symbols& symbols) {
  if (const auto* op = std::get_if<ast::AtOperator>(&expression.node))
    return fold_operator(*op, unit, symbols);
  if (const auto* binary = std::get_if<ast::Binary>(&expression.node))
    return fold_binary(*binary, unit, symbols);
  const auto* unary = std::get_if<ast::Unary>(&expression.node);
  if (unary == nullptr || unary->op != ast::UnaryOp::logical_not) return std::nullopt;
  const auto operand = fold(*unary->operand, unit, symbols);
  if (!operand) return std::nullopt;
  return !*operand;
}

bool is_defined(const ast::Expr& expression, const Unit& unit, const Symbols& symbols) {
  if (const auto* name = std::get_if<ast::Name>(&expression.node))
    return is_defined_name(name->text, unit, symbols);
  if (const auto* call = std::get_if<ast::Call>(&expression.node))
    return symbols.functions_by_name.contains(call->function) || is_print(call->function) ||
           tapset::find_function(call->function) != nullptr;
  return std::holds_alternative<ast::Number>(expression.node) ||
         std::holds_alternative<ast::String>(expression.node);
}

bool fold_probewrite(const ast::Expr& expression, const Unit& unit) {
  const auto* name = std::get_if<ast::Name>(&expression.node);
  if (name == nullptr || unit.handler == nullptr || !unit.handler->probe->body) return false;
  return assigns(*unit.handler->probe->body, name->text);
}

}  // namespace socktap::language::semantics
