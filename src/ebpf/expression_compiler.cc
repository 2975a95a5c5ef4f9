#include "ebpf/expression_compiler.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>

#include "base/overloaded.h"
#include "ebpf/key_compiler.h"
#include "ebpf/thread_compiler.h"
#include "ebpf/time_compiler.h"
#include "event/derived.h"
#include "event/event_part.h"

namespace socktap::ebpf {
namespace {

using language::Binary;
using language::BinaryOp;
using language::Expr;
using language::NumberLiteral;
using language::StringLiteral;
using language::Unary;
using language::UnaryOp;

bool is_logical(BinaryOp op) { return op == BinaryOp::logical_and || op == BinaryOp::logical_or; }

std::optional<Condition> condition_of(BinaryOp op) {
  switch (op) {
    case BinaryOp::equal:
      return Condition::equal;
    case BinaryOp::not_equal:
      return Condition::not_equal;
    case BinaryOp::less:
      return Condition::signed_less;
    case BinaryOp::less_equal:
      return Condition::signed_less_or_equal;
    case BinaryOp::greater:
      return Condition::signed_greater;
    case BinaryOp::greater_equal:
      return Condition::signed_greater_or_equal;
    default:
      return std::nullopt;
  }
}

Condition opposite(Condition condition) {
  switch (condition) {
    case Condition::equal:
      return Condition::not_equal;
    case Condition::not_equal:
      return Condition::equal;
    case Condition::signed_less:
      return Condition::signed_greater_or_equal;
    case Condition::signed_less_or_equal:
      return Condition::signed_greater;
    case Condition::signed_greater:
      return Condition::signed_less_or_equal;
    case Condition::signed_greater_or_equal:
      return Condition::signed_less;
    default:
      assert(false && "scripts compare numbers with sign");
      return condition;
  }
}

AluOperator operator_of(BinaryOp op) {
  switch (op) {
    case BinaryOp::add:
      return AluOperator::add;
    case BinaryOp::subtract:
      return AluOperator::subtract;
    case BinaryOp::multiply:
      return AluOperator::multiply;
    case BinaryOp::shift_left:
      return AluOperator::shift_left;
    case BinaryOp::shift_right:
      return AluOperator::arithmetic_shift_right;
    case BinaryOp::shift_right_logical:
      return AluOperator::shift_right;
    case BinaryOp::bitwise_and:
      return AluOperator::bitwise_and;
    case BinaryOp::bitwise_or:
      return AluOperator::bitwise_or;
    case BinaryOp::bitwise_xor:
      return AluOperator::bitwise_xor;
    default:
      assert(false && "the planner lets no other operator pass");
      return AluOperator::add;
  }
}

Size size_of(std::uint16_t width) {
  switch (width) {
    case 1:
      return Size::u8;
    case 2:
      return Size::u16;
    case 4:
      return Size::u32;
    default:
      return Size::u64;
  }
}

bool is_shift(BinaryOp op) {
  return op == BinaryOp::shift_left || op == BinaryOp::shift_right ||
         op == BinaryOp::shift_right_logical;
}

bool compares_texts(const Binary& node) { return node.left->type == Type::string; }

}  // namespace

void ExpressionCompiler::branch(const Expr& expression, bool truth, Label target) {
  builder_.from(expression.span);
  branch(expression, truth, target, 0);
}

Register ExpressionCompiler::value(const Expr& expression) {
  builder_.from(expression.span);
  value(expression, 0);
  return stack[0];
}

void ExpressionCompiler::branch_on_field(Builder& builder, FieldLayout field, Condition condition,
                                         std::int64_t value, Label target) {
  load(builder, field, 0);
  builder.emit(JumpIf{condition, stack[0], value, target});
}

void ExpressionCompiler::branch(const Expr& expression, bool truth, Label target, int at) {
  if (const auto* unary = std::get_if<Unary>(&expression.node);
      unary && unary->op == UnaryOp::logical_not)
    return branch(*unary->operand, !truth, target, at);
  const auto* binary = std::get_if<Binary>(&expression.node);
  if (binary && is_logical(binary->op)) {
    const bool decides = binary->op == BinaryOp::logical_or;  // what one side alone decides
    if (truth == decides) {
      branch(*binary->left, truth, target, at);
      return branch(*binary->right, truth, target, at);
    }
    const Label decided = builder_.new_label();
    branch(*binary->left, decides, decided, at);
    branch(*binary->right, truth, target, at);
    return builder_.bind(decided);
  }
  if (binary && condition_of(binary->op)) return compare(*binary, truth, target, at);
  if (std::holds_alternative<language::Contains>(expression.node)) {
    return look_up(expression, truth, target, at);
  }
  value(expression, at);
  builder_.emit(JumpIf{truth ? Condition::not_equal : Condition::equal, stack[at], 0, target});
}

void ExpressionCompiler::compare(const Binary& node, bool truth, Label target, int at) {
  Condition condition = *condition_of(node.op);
  if (!truth) condition = opposite(condition);
  if (compares_texts(node)) {
    const auto* literal = std::get_if<StringLiteral>(&node.right->node);
    const Expr& other = literal ? *node.left : *node.right;
    const auto& field = std::get<language::LibraryCall>(other.node);
    if (!literal) literal = &std::get<StringLiteral>(node.left->node);
    return compare_texts(std::get<FieldLayout>(*part_of(field.function)), literal->value,
                         condition == Condition::equal, target, at);
  }
  value(*node.left, at);
  const Operand right = operand(*node.right, at + 1);
  builder_.emit(JumpIf{condition, stack[at], right, target});
}

static_assert(std::endian::native == std::endian::little, "texts are compared as numbers");

// Up to the zero that ends the text: what is behind it in the field may be anything.
void ExpressionCompiler::compare_texts(FieldLayout field, std::string_view text, bool equal,
                                       Label target, int at) {
  const Register chunk = stack[at];
  const Register constant = stack[at + 1];
  const Label differs = builder_.new_label();
  const std::size_t significant = std::min<std::size_t>(text.size() + 1, field.width);
  if (text.size() > field.width || text.find('\0') != std::string_view::npos) {
    if (!equal) builder_.emit(Jump{target});
    builder_.bind(differs);
    return;
  }
  for (std::size_t from = 0; from < significant; from += 8) {
    const std::size_t bytes = std::min<std::size_t>(significant - from, 8);
    std::uint64_t expected = 0;
    if (from < text.size())
      std::memcpy(&expected, text.data() + from, std::min(bytes, text.size() - from));
    builder_.emit(Load{Size::u64, chunk, record, static_cast<std::int32_t>(field.offset + from)});
    if (bytes < 8) {
      builder_.emit(MoveWide{constant, (std::uint64_t{1} << (8 * bytes)) - 1});
      builder_.emit(Alu{AluOperator::bitwise_and, chunk, constant});
    }
    builder_.emit(MoveWide{constant, expected});
    builder_.emit(JumpIf{Condition::not_equal, chunk, constant, equal ? differs : target});
  }
  if (equal) builder_.emit(Jump{target});
  builder_.bind(differs);
}

void ExpressionCompiler::value(const Expr& expression, int at) {
  assert(at < deepest);
  std::visit(Overloaded{[&](const NumberLiteral& node) { constant(node.value, at); },
                        [&](const language::Load& node) { load_number(node.place, at); },
                        [&](const language::Contains&) { truth_value(expression, at); },
                        [&](const language::EventVariable& node) {
                          const tapset::Binding* binding = point_.find(node.variable);
                          extraction(binding ? &binding->from : nullptr, at);
                        },
                        [&](const language::LibraryCall& node) {
                          if (node.function == tapset::Function::target)
                            return constant(script_.target, at);
                          const EventPart part = *part_of(node.function);
                          if (const auto* clock = std::get_if<EventClock>(&part))
                            return load_clock_value(*clock, at);
                          load(builder_, std::get<FieldLayout>(part), at);
                        },
                        [&](const Unary& node) { unary(node, at); },
                        [&](const Binary& node) {
                          if (is_logical(node.op) || condition_of(node.op))
                            truth_value(expression, at);
                          else
                            binary(node, at);
                        },
                        [&](const language::Conditional& node) { conditional(node, at); },
                        [](const auto&) { assert(false && "the planner lets nothing else pass"); }},
             expression.node);
}

void ExpressionCompiler::load_number(const language::Place& place, int at) {
  if (!place.keys.empty()) return load_element(place, at);
  const bool is_local = place.kind == language::Place::Kind::local;
  const std::uint32_t begin = is_local ? script_.layout.locals : script_.layout.constants;
  const std::uint32_t index = is_local ? place.index : script_.plan.tables.constant_of(place.index);
  builder_.emit(Load{Size::u64, stack[at], memory, static_cast<std::int32_t>(begin + 8 * index)});
}

void ExpressionCompiler::load_element(const language::Place& place, int at) {
  const Label end = builder_.new_label();
  put_aside(at);
  ThreadCompiler(builder_, script_).find(*this, place.index, place.keys);
  builder_.emit(JumpIf{Condition::equal, Register::r0, 0, end});
  builder_.emit(Load{Size::u64, Register::r0, Register::r0, 0});
  builder_.bind(end);
  take_back(at);
  builder_.emit(Move{stack[at], Register::r0});
}

void ExpressionCompiler::load_clock_value(const EventClock& clock, int at) {
  put_aside(at);
  load_clock(builder_, clock);
  take_back(at);
  builder_.emit(Move{stack[at], Register::r0});
}

void ExpressionCompiler::put_aside(int at) {
  for (int i = 0; i < at; ++i)
    builder_.emit(Store{Size::u64, memory,
                        static_cast<std::int32_t>(script_.layout.waiting + 8 * i), stack[i]});
}

void ExpressionCompiler::take_back(int at) {
  for (int i = 0; i < at; ++i)
    builder_.emit(Load{Size::u64, stack[i], memory,
                       static_cast<std::int32_t>(script_.layout.waiting + 8 * i)});
}

void ExpressionCompiler::look_up(const Expr& expression, bool truth, Label target, int at) {
  const auto& contains = std::get<language::Contains>(expression.node);
  put_aside(at);
  if (script_.plan.tables.thread_array_of(contains.global))
    ThreadCompiler(builder_, script_).find(*this, contains.global, contains.keys);
  else
    search_set(expression);
  take_back(at);
  builder_.emit(JumpIf{truth ? Condition::not_equal : Condition::equal, Register::r0, 0, target});
}

// Leaves in r0 whether the key is there.
void ExpressionCompiler::search_set(const Expr& expression) {
  const std::uint32_t index = script_.plan.tables.lookup_of(expression).set;
  const plan::KeySet& set = script_.plan.tables.sets[index];
  const TableLayout& layout = script_.layout.sets[index];
  const auto& keys = std::get<language::Contains>(expression.node).keys;
  KeyCompiler compiler(builder_, script_);
  for (std::size_t i = 0; i < keys.size(); ++i)
    compiler.keep(*this, *keys[i], set.key[i], script_.layout.key_of_set + layout.columns[i]);
  const Label found = builder_.new_label();
  const Label absent = builder_.new_label();
  const Label end = builder_.new_label();
  compiler.search(layout, set.capacity, memory, script_.layout.key_of_set, {found, absent, absent});
  builder_.bind(absent);
  builder_.emit(Move{Register::r0, 0});
  builder_.emit(Jump{end});
  builder_.bind(found);
  builder_.emit(Move{Register::r0, 1});
  builder_.bind(end);
}

void ExpressionCompiler::truth_value(const Expr& expression, int at) {
  const Label is_true = builder_.new_label();
  const Label end = builder_.new_label();
  branch(expression, true, is_true, at);
  builder_.emit(Move{stack[at], 0});
  builder_.emit(Jump{end});
  builder_.bind(is_true);
  builder_.emit(Move{stack[at], 1});
  builder_.bind(end);
}

void ExpressionCompiler::unary(const Unary& node, int at) {
  value(*node.operand, at);
  switch (node.op) {
    case UnaryOp::plus:
      break;
    case UnaryOp::minus:
      builder_.emit(Negate{stack[at]});
      break;
    case UnaryOp::bitwise_not:
      builder_.emit(Alu{AluOperator::bitwise_xor, stack[at], -1});
      break;
    case UnaryOp::logical_not: {
      const Label end = builder_.new_label();
      const Label is_zero = builder_.new_label();
      builder_.emit(JumpIf{Condition::equal, stack[at], 0, is_zero});
      builder_.emit(Move{stack[at], 0});
      builder_.emit(Jump{end});
      builder_.bind(is_zero);
      builder_.emit(Move{stack[at], 1});
      builder_.bind(end);
      break;
    }
  }
}

void ExpressionCompiler::binary(const Binary& node, int at) {
  value(*node.left, at);
  Operand right = operand(*node.right, at + 1);
  if (is_shift(node.op)) {  // only the low 6 bits count
    if (auto* number = std::get_if<std::int64_t>(&right))
      *number &= 63;
    else
      builder_.emit(Alu{AluOperator::bitwise_and, stack[at + 1], 63});
  }
  if (node.op == BinaryOp::divide || node.op == BinaryOp::modulo) return divide(node.op, right, at);
  builder_.emit(Alu{operator_of(node.op), stack[at], right});
}

// By a positive number. eBPF divides without sign; quotients and remainders have the dividend's.
void ExpressionCompiler::divide(BinaryOp op, const Operand& by, int at) {
  const AluOperator alu = op == BinaryOp::divide ? AluOperator::divide : AluOperator::modulo;
  const Label is_positive = builder_.new_label();
  const Label end = builder_.new_label();
  builder_.emit(JumpIf{Condition::signed_greater_or_equal, stack[at], 0, is_positive});
  builder_.emit(Negate{stack[at]});
  builder_.emit(Alu{alu, stack[at], by});
  builder_.emit(Negate{stack[at]});
  builder_.emit(Jump{end});
  builder_.bind(is_positive);
  builder_.emit(Alu{alu, stack[at], by});
  builder_.bind(end);
}

void ExpressionCompiler::conditional(const language::Conditional& node, int at) {
  const Label otherwise = builder_.new_label();
  const Label end = builder_.new_label();
  branch(*node.condition, false, otherwise, at);
  value(*node.then, at);
  builder_.emit(Jump{end});
  builder_.bind(otherwise);
  value(*node.otherwise, at);
  builder_.bind(end);
}

// At a point that has no such variable it is 0.
void ExpressionCompiler::extraction(const tapset::Extraction* from, int at) {
  if (from == nullptr) return constant(0, at);
  if (const auto field = plain_field(*from)) return load(builder_, *field, at);
  const auto& bit = std::get<tapset::FieldBit>(*from);
  load(builder_, layout_of(bit.field), at);
  if (bit.bit > 0) builder_.emit(Alu{AluOperator::shift_right, stack[at], bit.bit});
  builder_.emit(Alu{AluOperator::bitwise_and, stack[at], 1});
}

void ExpressionCompiler::load(Builder& builder, FieldLayout field, int at) {
  builder.emit(Load{size_of(field.width), stack[at], record, field.offset});
  if (!field.is_signed || field.width == 8) return;
  const std::int64_t above = 64 - 8 * field.width;
  builder.emit(Alu{AluOperator::shift_left, stack[at], above});
  builder.emit(Alu{AluOperator::arithmetic_shift_right, stack[at], above});
}

void ExpressionCompiler::constant(std::int64_t number, int at) {
  builder_.emit(move_of(stack[at], number));
}

Operand ExpressionCompiler::operand(const Expr& expression, int at) {
  const auto* literal = std::get_if<NumberLiteral>(&expression.node);
  if (literal && is_immediate(literal->value)) return literal->value;
  value(expression, at);
  return stack[at];
}

}  // namespace socktap::ebpf
