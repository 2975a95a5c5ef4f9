// Expressions that compute: literals, operators, conditions.
#include <algorithm>
#include <limits>
#include <variant>

#include "language/spelling.h"
#include "vm/routine_compiler.h"

namespace socktap::vm {

using language::BinaryOp;
using language::UnaryOp;

namespace {

// A comparison as the machine has it: `greater` is `less` with its sides exchanged.
struct Comparison {
  Opcode number, text, jump, jump_not;
  bool exchanged, jump_not_exchanged;
};

Comparison comparison_of(BinaryOp op) {
  using enum Opcode;
  switch (op) {
    case BinaryOp::equal:
      return {equal, text_equal, jump_equal, jump_not_equal, false, false};
    case BinaryOp::not_equal:
      return {not_equal, text_not_equal, jump_not_equal, jump_equal, false, false};
    case BinaryOp::less:
      return {less, text_less, jump_less, jump_less_equal, false, true};
    case BinaryOp::less_equal:
      return {less_equal, text_less_equal, jump_less_equal, jump_less, false, true};
    case BinaryOp::greater:
      return {less, text_less, jump_less, jump_less_equal, true, false};
    default:
      return {less_equal, text_less_equal, jump_less_equal, jump_less, true, false};
  }
}

bool is_comparison(BinaryOp op) { return op >= BinaryOp::equal && op <= BinaryOp::greater_equal; }

// The literal that `x + literal` or `x - literal` adds, where it fits an instruction.
std::optional<std::int32_t> added_immediate(const language::Binary& node) {
  if (node.op != BinaryOp::add && node.op != BinaryOp::subtract) return std::nullopt;
  const auto* literal = std::get_if<language::NumberLiteral>(&node.right->node);
  if (literal == nullptr) return std::nullopt;
  constexpr std::int64_t most = std::numeric_limits<std::int32_t>::max();
  if (literal->value > most || literal->value < -most) return std::nullopt;
  return static_cast<std::int32_t>(node.op == BinaryOp::add ? literal->value : -literal->value);
}

}  // namespace

Opcode opcode_of(BinaryOp op) {
  switch (op) {
    case BinaryOp::add:
      return Opcode::add;
    case BinaryOp::subtract:
      return Opcode::subtract;
    case BinaryOp::multiply:
      return Opcode::multiply;
    case BinaryOp::divide:
      return Opcode::divide;
    case BinaryOp::modulo:
      return Opcode::modulo;
    case BinaryOp::shift_left:
      return Opcode::shift_left;
    case BinaryOp::shift_right:
      return Opcode::shift_right;
    case BinaryOp::shift_right_logical:
      return Opcode::shift_right_logical;
    case BinaryOp::bitwise_and:
      return Opcode::bitwise_and;
    case BinaryOp::bitwise_or:
      return Opcode::bitwise_or;
    case BinaryOp::bitwise_xor:
      return Opcode::bitwise_xor;
    default:
      return Opcode::concatenate;
  }
}

Operand RoutineCompiler::evaluate(const Expr& expr, Into into) {
  const Operand value =
      std::visit([&](const auto& node) { return expression(expr, node, into); }, expr.node);
  if (!into) return value;
  builder_.move(*into, value);
  return *into;
}

// Its operator, or its first word.
void RoutineCompiler::fault_site_of(const Expr& expr) {
  const auto operation = [&](std::string_view op, const Expr& behind) {
    builder_.fault_site(FaultSite::Kind::operation, op,
                        {expr.span.source, expr.span.begin, behind.span.begin});
  };
  if (const auto* binary = std::get_if<language::Binary>(&expr.node)) {
    operation(spelling(binary->op), *binary->right);
  } else if (const auto* choice = std::get_if<language::Conditional>(&expr.node)) {
    operation("?", *choice->then);
  } else if (const auto* assign = std::get_if<language::Assign>(&expr.node)) {
    operation(spelling(assign->op), *assign->value);
  } else {
    builder_.fault_site(FaultSite::Kind::statement, {}, expr.span);
  }
}

void RoutineCompiler::discard(const Expr& expr) {
  const auto mark = builder_.mark();
  if (const auto* node = std::get_if<language::Increment>(&expr.node)) {
    increment(expr, *node, true, {});  // nobody asks for the old value
  } else {
    evaluate(expr);
  }
  builder_.release(mark);
}

Operand RoutineCompiler::result(const Expr& expr, Into into) {
  return into ? *into : builder_.temporary(expr.type);
}

Operand RoutineCompiler::result_before_fault(const Expr& expr, Into into) {
  return into && !builder_.is_local(*into) ? *into : builder_.temporary(expr.type);
}

Operand RoutineCompiler::evaluate_copy(const Expr& expr, Into into) {
  const Operand to = result(expr, into);
  return evaluate(expr, to);
}

Operand RoutineCompiler::evaluate_before(const Expr& expr, bool writes_follow) {
  const Operand value = evaluate(expr);
  if (!writes_follow || !builder_.is_local(value)) return value;
  const Operand copy = builder_.temporary(expr.type);
  builder_.move(copy, value);
  return copy;
}

OperandList RoutineCompiler::evaluate_all(const std::vector<language::ExprPtr>& exprs,
                                          bool writes_follow) {
  OperandList operands;
  const std::vector<bool> writes = writes_locals_behind(exprs);
  for (std::size_t i = 0; i < exprs.size(); ++i) {
    operands.push_back(exprs[i] ? evaluate_before(*exprs[i], writes_follow || writes[i])
                                : Operand{Operand::Kind::any, 0});
  }
  return operands;
}

Operand RoutineCompiler::expression(const Expr& expr, const language::NumberLiteral& node,
                                    Into into) {
  const Operand to = result(expr, into);
  builder_.load_number(to.index, node.value);
  return to;
}

Operand RoutineCompiler::expression(const Expr& expr, const language::StringLiteral& node,
                                    Into into) {
  const Operand to = result(expr, into);
  builder_.load_text(to.index, node.value);
  return to;
}

Operand RoutineCompiler::expression(const Expr& expr, const language::Unary& node, Into into) {
  const Operand to = result(expr, into);
  const auto mark = builder_.mark();
  const Operand value = evaluate(*node.operand, node.op == UnaryOp::plus ? Into(to) : std::nullopt);
  switch (node.op) {
    case UnaryOp::plus:
      builder_.move(to, value);
      break;
    case UnaryOp::minus:
      builder_.emit(Opcode::negate, to.index, value.index);
      break;
    case UnaryOp::logical_not:
      builder_.emit(Opcode::logical_not, to.index, value.index);
      break;
    case UnaryOp::bitwise_not:
      builder_.emit(Opcode::bitwise_not, to.index, value.index);
      break;
  }
  builder_.release(mark);
  return to;
}

Operand RoutineCompiler::expression(const Expr& expr, const language::Binary& node, Into into) {
  if (node.op == BinaryOp::logical_and || node.op == BinaryOp::logical_or) {
    return truth(expr, into);
  }
  if (is_comparison(node.op)) return comparison(expr, node, into);
  return arithmetic(expr, node, into);
}

Operand RoutineCompiler::arithmetic(const Expr& expr, const language::Binary& node, Into into) {
  const Operand to = result(expr, into);
  const auto mark = builder_.mark();
  if (const auto immediate = added_immediate(node)) {
    const Operand left = evaluate(*node.left);
    builder_.emit(Opcode::add_immediate, to.index, left.index,
                  static_cast<std::uint32_t>(*immediate));
  } else {
    const Operand left = evaluate_before(*node.left, writes_locals(node.right));
    const Operand right = evaluate(*node.right);
    if (node.op == BinaryOp::divide || node.op == BinaryOp::modulo) fault_site_of(expr);
    builder_.emit(opcode_of(node.op), to.index, left.index, right.index);
  }
  builder_.release(mark);
  return to;
}

Operand RoutineCompiler::comparison(const Expr& expr, const language::Binary& node, Into into) {
  const Operand to = result(expr, into);
  const auto mark = builder_.mark();
  const Comparison comparison = comparison_of(node.op);
  Operand left = evaluate_before(*node.left, writes_locals(node.right));
  Operand right = evaluate(*node.right);
  if (comparison.exchanged) std::swap(left, right);
  builder_.emit(left.kind == Operand::Kind::text ? comparison.text : comparison.number, to.index,
                left.index, right.index);
  builder_.release(mark);
  return to;
}

// A lazy condition as a value, 1 or 0.
Operand RoutineCompiler::truth(const Expr& expr, Into into) {
  const Operand to = result(expr, into);
  Label no, end;
  branch(expr, no, false);
  builder_.load_number(to.index, 1);
  builder_.jump(end);
  builder_.bind(no);
  builder_.load_number(to.index, 0);
  builder_.bind(end);
  return to;
}

void RoutineCompiler::branch(const Expr& condition, Label& to, bool when) {
  if (const auto* unary = std::get_if<language::Unary>(&condition.node)) {
    if (unary->op == UnaryOp::logical_not) return branch(*unary->operand, to, !when);
  }
  if (const auto* binary = std::get_if<language::Binary>(&condition.node)) {
    const bool is_and = binary->op == BinaryOp::logical_and;
    if (is_and || binary->op == BinaryOp::logical_or) {
      // `a && b` is false as soon as a is; it is true only after b was asked, too.
      if (is_and != when) {
        branch(*binary->left, to, when);
        return branch(*binary->right, to, when);
      }
      Label skip;
      branch(*binary->left, skip, !when);
      branch(*binary->right, to, when);
      return builder_.bind(skip);
    }
    if (branch_comparison(*binary, to, when)) return;
  }
  if (const auto* literal = std::get_if<language::NumberLiteral>(&condition.node)) {
    if ((literal->value != 0) == when) builder_.jump(to);
    return;
  }
  const auto mark = builder_.mark();
  const Operand value = evaluate(condition);
  builder_.branch(when ? Opcode::jump_if : Opcode::jump_unless, value.index, to);
  builder_.release(mark);
}

bool RoutineCompiler::branch_comparison(const language::Binary& node, Label& to, bool when) {
  if (!is_comparison(node.op) || node.left->type == Type::string) return false;
  const Comparison comparison = comparison_of(node.op);
  const auto mark = builder_.mark();
  Operand left = evaluate_before(*node.left, writes_locals(node.right));
  Operand right = evaluate(*node.right);
  if (when ? comparison.exchanged : comparison.jump_not_exchanged) std::swap(left, right);
  builder_.branch(when ? comparison.jump : comparison.jump_not, left.index, right.index, to);
  builder_.release(mark);
  return true;
}

Operand RoutineCompiler::expression(const Expr& expr, const language::Conditional& node,
                                    Into into) {
  const Operand to = result(expr, into);
  Label otherwise, end;
  branch(*node.condition, otherwise, false);
  const auto mark = builder_.mark();
  evaluate(*node.then, to);
  builder_.release(mark);
  builder_.jump(end);
  builder_.bind(otherwise);
  evaluate(*node.otherwise, to);
  builder_.release(mark);
  builder_.bind(end);
  return to;
}

Operand RoutineCompiler::expression(const Expr& expr, const language::Match& node, Into into) {
  const Operand to = result(expr, into);
  const auto mark = builder_.mark();
  const Operand subject = evaluate(*node.subject);
  auto& patterns = builder_.code().patterns;
  patterns.push_back(node.pattern);
  builder_.emit(Opcode::match, to.index, subject.index,
                static_cast<std::uint32_t>(patterns.size() - 1));
  if (node.negated) builder_.emit(Opcode::logical_not, to.index, to.index);
  builder_.release(mark);
  return to;
}

}  // namespace socktap::vm
