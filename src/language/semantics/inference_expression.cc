// Expressions: the type of each, and what it demands of its parts.
#include <fmt/format.h>

#include "language/semantics/ast_walk.h"
#include "language/semantics/folding.h"
#include "language/semantics/inference.h"
#include "language/spelling.h"

namespace socktap::language::semantics {
namespace {

enum class Operands { numbers, strings, alike };

Operands operands_of(ast::BinaryOp op) {
  using ast::BinaryOp;
  switch (op) {
    case BinaryOp::concatenate:
      return Operands::strings;
    case BinaryOp::equal:
    case BinaryOp::not_equal:
    case BinaryOp::less:
    case BinaryOp::less_equal:
    case BinaryOp::greater:
    case BinaryOp::greater_equal:
      return Operands::alike;
    default:
      return Operands::numbers;
  }
}

}  // namespace

Term Inference::infer(const ast::Expr& expression, Use use) {
  return std::visit(
      Overloaded{
          [](const ast::Number&) { return Term::known(Type::number); },
          [](const ast::String&) { return Term::known(Type::string); },
          [&](const ast::Name&) { return infer_place(expression, Access::read); },
          [&](const ast::TargetVariable& e) {
            reporter_.error_once(
                "target-variable", expression.span,
                fmt::format("`{}` is in the memory of the kernel or a program: reading "
                            "it needs debuginfo",
                            e.text),
                "the variables of socket.* are name, size, protocol, family, state, "
                "flags, type, success ...");
            return Term::wrong();
          },
          [&](const ast::Subscript&) { return infer_place(expression, Access::read); },
          [&](const ast::Unary& e) { return infer_unary(e); },
          [&](const ast::Binary& e) { return infer_binary(expression, e, use); },
          [&](const ast::Conditional& e) { return infer_conditional(expression, e, use); },
          [&](const ast::Assign& e) { return infer_assign(expression, e, use); },
          [&](const ast::Increment& e) { return infer_increment(e, use); },
          [&](const ast::In& e) { return infer_in(e); },
          [&](const ast::Match& e) { return infer_match(e); },
          [&](const ast::Call& e) { return infer_call(expression, e, use); },
          [&](const ast::AtOperator& e) { return infer_operator(e, expression.span); },
          [&](const ast::EmbeddedC&) {
            reporter_.error("embedded-c", expression.span,
                            "embedded C runs in a kernel module, which is never built here");
            return Term::wrong();
          },
      },
      expression.node);
}

Term Inference::infer_match(const ast::Match& match) {
  require(*match.subject, Type::string, match.negated ? "!~" : "=~");
  if (invocation_.pattern_error)
    if (const auto error = invocation_.pattern_error(match.pattern))
      reporter_.error("bad-regex", match.pattern_span,
                      fmt::format("the regular expression cannot be used: {}", *error));
  return Term::known(Type::number);
}

Term Inference::infer_unary(const ast::Unary& unary) {
  require(*unary.operand, Type::number, fmt::format("unary {}", ast::spelling(unary.op)));
  return Term::known(Type::number);
}

Term Inference::infer_binary(const ast::Expr& expression, const ast::Binary& binary, Use use) {
  const std::string_view symbol = ast::spelling(binary.op);
  const Operands operands = operands_of(binary.op);
  if (operands != Operands::alike) {
    const Type type = operands == Operands::strings ? Type::string : Type::number;
    require(*binary.left, type, symbol);
    if (binary.op != ast::BinaryOp::logical_and && binary.op != ast::BinaryOp::logical_or) {
      require(*binary.right, type, symbol);
      return Term::known(type);
    }
    const auto left = fold(*binary.left, *unit_, symbols_);
    const bool decided = left && *left == (binary.op == ast::BinaryOp::logical_or);
    if (!decided) require(infer(*binary.right, use), *binary.right, type, symbol);
    return Term::known(type);
  }
  const Term left = infer(*binary.left);
  const Term right = infer(*binary.right);
  if (!types_.unify(left, right, expression.span))
    conflict(expression.span,
             fmt::format("{} compares {} with {}", symbol, with_article(types_.type_of(left)),
                         with_article(types_.type_of(right))),
             {{left, describe(*binary.left)}, {right, describe(*binary.right)}});
  return Term::known(Type::number);
}

Term Inference::infer_conditional(const ast::Expr& expression, const ast::Conditional& conditional,
                                  Use use) {
  if (const auto taken = fold(*conditional.condition, *unit_, symbols_))
    return infer(*taken ? *conditional.then : *conditional.otherwise, use);
  require(*conditional.condition, Type::number, "the condition of ?:");
  const Term then = infer(*conditional.then, use);
  const Term otherwise = infer(*conditional.otherwise, use);
  if (!types_.unify(then, otherwise, expression.span)) {
    conflict(conditional.otherwise->span,
             fmt::format("the branches of ?: differ: {} and {}", with_article(types_.type_of(then)),
                         with_article(types_.type_of(otherwise))),
             {{then, "the first branch"}, {otherwise, "the second branch"}});
    return Term::wrong();
  }
  return types_.is_wrong(then) || then.is_variable() ? then : otherwise;
}

Term Inference::infer_assign(const ast::Expr& expression, const ast::Assign& assign, Use use) {
  refuse_effect_in_condition(expression.span);
  using ast::AssignOp;
  const std::string_view symbol = ast::spelling(assign.op);
  if (assign.op == AssignOp::accumulate) {
    require(infer_place(*assign.target, Access::accumulate), *assign.target, Type::stats, symbol);
    require(*assign.value, Type::number, symbol);
    return Term::known(Type::number);
  }
  if (assign.op == AssignOp::set) {
    const Term target = infer_place(*assign.target, Access::write);
    const Term value = infer(*assign.value);
    if (!types_.unify(target, value, assign.value->span))
      conflict(
          assign.value->span,
          fmt::format("{} is {}, but {} is assigned to it", describe(*assign.target),
                      with_article(types_.type_of(target)), with_article(types_.type_of(value))),
          {{value, describe(*assign.value)}, {target, describe(*assign.target)}})
          .hint = conversion_hint(types_.type_of(value), types_.type_of(target));
    if (const auto* name = std::get_if<ast::Name>(&assign.target->node)) note_set(name->text);
    return target;
  }
  const Type type = assign.op == AssignOp::concatenate ? Type::string : Type::number;
  const Access access = use == Use::value ? Access::update : Access::modify;
  require(infer_place(*assign.target, access), *assign.target, type, symbol);
  require(*assign.value, type, symbol);
  return Term::known(type);
}

Term Inference::infer_increment(const ast::Increment& increment, Use use) {
  refuse_effect_in_condition(increment.target->span);
  const Access access = use == Use::value ? Access::update : Access::modify;
  require(infer_place(*increment.target, access), *increment.target, Type::number,
          increment.delta > 0 ? "++" : "--");
  return Term::known(Type::number);
}

Term Inference::infer_in(const ast::In& membership) {
  const auto global = find_global(membership.array, membership.array_span, true);
  if (!global) {
    for (const ast::ExprPtr& key : membership.keys)
      if (key) infer(*key);
    return Term::known(Type::number);
  }
  infer_keys(*global, membership.keys, membership.array_span);
  note_access(*global, membership.array_span, Access::extract);
  return Term::known(Type::number);
}

void Inference::refuse_effect_in_condition(Span span) {
  if (in_condition_)
    reporter_.error("condition-with-effect", span, "the condition of a probe must not assign");
}

}  // namespace socktap::language::semantics
