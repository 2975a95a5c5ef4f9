// Compiles what a script asks of one event at one probe point. The record is at `record`, the
// script's memory at `memory`; values are computed on a stack of registers, and wait in the memory
// while helpers are called.
#pragma once

#include "ebpf/program.h"
#include "ebpf/script_memory.h"
#include "event/event.h"
#include "event/event_part.h"
#include "language/typed_program.h"
#include "plan/kernel_expression.h"

namespace socktap::ebpf {

// What all parts of a script have in common. A script that keeps nothing has an empty layout.
struct ScriptContext {
  const plan::Plan& plan;
  const MemoryLayout& layout;
  std::int64_t target = 0;   // what target() is
  std::uint64_t secret = 0;  // a random number, which the places of keys depend on
};

class ExpressionCompiler {
 public:
  static constexpr Register record = Register::r6;
  static constexpr Register memory = Register::r9;

  // All must outlive it.
  ExpressionCompiler(Builder& builder, const tapset::ProbePoint& point, const ScriptContext& script)
      : builder_(builder), point_(point), script_(script) {}

  const tapset::ProbePoint& point() const { return point_; }

  // Leaves the expression's value in the register.
  Register value(const language::Expr& expression);

  // Goes to `target` if the expression is 0 or not as `truth` says, else on.
  void branch(const language::Expr& expression, bool truth, Label target);

  // The same, if a field of the record compares so with an immediate.
  static void branch_on_field(Builder& builder, FieldLayout field, Condition condition,
                              std::int64_t value, Label target);

 private:
  static constexpr Register stack[] = {Register::r2, Register::r3, Register::r4,
                                       Register::r5, Register::r7, Register::r1};
  static constexpr int deepest = std::size(stack);
  static_assert(deepest > plan::most_values_at_once, "one more, for wide constants");

  // Leaves the value in stack[at].
  void value(const language::Expr& expression, int at);
  void truth_value(const language::Expr& expression, int at);
  void binary(const language::Binary& node, int at);
  void divide(language::BinaryOp op, const Operand& by, int at);
  void conditional(const language::Conditional& node, int at);
  void unary(const language::Unary& node, int at);
  void extraction(const tapset::Extraction* from, int at);
  static void load(Builder& builder, FieldLayout field, int at);
  void constant(std::int64_t number, int at);
  // The right side of an operation: a literal that fits, or stack[at].
  Operand operand(const language::Expr& expression, int at);

  void load_number(const language::Place& place, int at);
  void load_element(const language::Place& place, int at);
  void load_clock_value(const EventClock& clock, int at);
  void look_up(const language::Expr& expression, bool truth, Label target, int at);
  void search_set(const language::Expr& expression);
  // Those below stack[at].
  void put_aside(int at);
  void take_back(int at);
  void compare(const language::Binary& node, bool truth, Label target, int at);
  void compare_texts(FieldLayout field, std::string_view text, bool equal, Label target, int at);
  void branch(const language::Expr& expression, bool truth, Label target, int at);

  Builder& builder_;
  const tapset::ProbePoint& point_;
  const ScriptContext& script_;
};

}  // namespace socktap::ebpf
