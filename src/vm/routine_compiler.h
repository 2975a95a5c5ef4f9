// Compiles the body of one handler or function. compile_expression.cc, compile_place.cc,
// compile_call.cc and compile_statement.cc hold its parts.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "event/event.h"
#include "language/typed_program.h"
#include "vm/code.h"
#include "vm/code_builder.h"

namespace socktap::vm {

class RoutineCompiler {
 public:
  RoutineCompiler(const language::TypedProgram& program, Code& code, Routine& routine,
                  const std::vector<language::Local>& locals)
      : program_(program), builder_(code, routine, locals) {}

  void handler(const language::Handler& handler);
  void function(const language::Function& function);

 private:
  using Expr = language::Expr;
  using Stmt = language::Stmt;
  using Place = language::Place;
  using Label = CodeBuilder::Label;
  // Where a value is wanted; none: wherever is cheapest, a local's own register included.
  using Into = std::optional<Operand>;

  // Expressions. The result's temporary, if any, is allocated before those of the operands, so
  // that releasing these keeps it.
  Operand evaluate(const Expr& expr, Into into = {});
  // The next instruction can fail, and what is to be blamed is this expression.
  void fault_site_of(const Expr& expr);
  void discard(const Expr& expr);
  Operand result(const Expr& expr, Into into);
  // The same for a value that stands before an instruction that can fail: not a local's register,
  // which a caught error must leave as it was.
  Operand result_before_fault(const Expr& expr, Into into);

  Operand expression(const Expr&, const language::NumberLiteral&, Into);
  Operand expression(const Expr&, const language::StringLiteral&, Into);
  Operand expression(const Expr&, const language::Load&, Into);
  Operand expression(const Expr&, const language::EventVariable&, Into);
  Operand expression(const Expr&, const language::Unary&, Into);
  Operand expression(const Expr&, const language::Binary&, Into);
  Operand expression(const Expr&, const language::Conditional&, Into);
  Operand expression(const Expr&, const language::Assign&, Into);
  Operand expression(const Expr&, const language::Increment&, Into);
  Operand expression(const Expr&, const language::Contains&, Into);
  Operand expression(const Expr&, const language::Match&, Into);
  Operand expression(const Expr&, const language::Call&, Into);
  Operand expression(const Expr&, const language::LibraryCall&, Into);
  Operand expression(const Expr&, const language::Extract&, Into);
  Operand expression(const Expr&, const language::Bucket&, Into);
  Operand expression(const Expr&, const language::HistogramText&, Into);
  Operand expression(const Expr&, const language::Print&, Into);

  Operand arithmetic(const Expr& expr, const language::Binary& node, Into into);
  Operand comparison(const Expr& expr, const language::Binary& node, Into into);
  Operand truth(const Expr& expr, Into into);
  // Jumps to `to` if the condition is as `when` says, else goes on.
  void branch(const Expr& condition, Label& to, bool when);
  bool branch_comparison(const language::Binary& node, Label& to, bool when);

  // Operands are read when all of them have been evaluated. One that is a local's own register is
  // copied if what is evaluated after it writes locals. `writes_follow`: what comes after the last
  // of these does.
  Operand evaluate_before(const Expr& expr, bool writes_follow);
  OperandList evaluate_all(const std::vector<language::ExprPtr>& exprs, bool writes_follow = false);
  std::uint32_t key_list(const std::vector<language::ExprPtr>& keys, bool writes_follow = false);

  // Places.
  std::uint32_t slot(std::uint32_t global) { return builder_.code().globals[global].slot; }
  const language::Global& global(std::uint32_t index) const { return program_.globals[index]; }
  void load_event(FieldLayout layout, Operand to);
  Operand assign_local(const language::Assign&);
  Operand assign_scalar(const Expr&, const language::Assign&, Into);
  Operand assign_element(const Expr&, const language::Assign&, Into);
  Operand increment(const Expr&, const language::Increment&, bool prefix, Into);
  // A writable temporary (or `into`) that holds the expression's value.
  Operand evaluate_copy(const Expr& expr, Into into);
  void combine(const language::Assign& node, Operand target, Operand value);
  void array_site(std::uint32_t global, Span span);
  StatisticPlace statistic_place(const Place& place, bool writes_follow = false);

  // Calls.
  bool inline_call(tapset::Function function, Operand to);
  std::uint32_t print_site(const language::Print& print, Span span);
  PrintSite formatted(const language::Print& print);
  PrintSite listed(const language::Print& print);

  // Statements.
  void execute(const Stmt& stmt);
  void execute_body(const language::StmtPtr& stmt);
  // Counts the statement and charges it with what came before; charges what a body has counted.
  void charge_now(const Stmt& stmt);
  void charge_at_end(const language::StmtPtr& body, Span otherwise);
  void statement(const Stmt&, const language::Block&);
  void statement(const Stmt&, const language::Evaluate&);
  void statement(const Stmt&, const language::If&);
  void statement(const Stmt&, const language::Loop&);
  void statement(const Stmt&, const language::Foreach&);
  void statement(const Stmt&, const language::Break&);
  void statement(const Stmt&, const language::Continue&);
  void statement(const Stmt&, const language::Next&);
  void statement(const Stmt&, const language::Return&);
  void statement(const Stmt&, const language::Delete&);
  void statement(const Stmt&, const language::Try&);
  std::uint32_t foreach_site(const language::Foreach& node);
  void emit_call(std::uint32_t function, OperandList arguments, Operand to, const FaultSite& site);
  void end_routine();

  struct LoopLabels {
    Label* leave;
    Label* go_on;
  };

  const language::TypedProgram& program_;
  CodeBuilder builder_;
  const language::Handler* handler_ = nullptr;  // one of these two
  const language::Function* function_ = nullptr;
  OperandList original_arguments_;  // of a function with an overload: for `next`
  std::vector<LoopLabels> loops_;
  std::uint32_t iterators_ = 0;  // in use
};

// What computes it; not for comparisons and lazy operators.
Opcode opcode_of(language::BinaryOp op);

// Whether evaluating it (or one of them; null: nothing) may write a local.
bool writes_locals(const language::ExprPtr& expr);
// Of each whether one that follows it does.
std::vector<bool> writes_locals_behind(std::span<const language::ExprPtr> exprs);

}  // namespace socktap::vm
