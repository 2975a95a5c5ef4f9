#include "ebpf/handler_compiler.h"

#include <cassert>
#include <vector>

#include "base/overloaded.h"
#include "language/typed_children.h"

namespace socktap::ebpf {
namespace {

using language::Assign;
using language::AssignOp;
using language::Expr;
using language::Increment;
using language::Place;

}  // namespace

void HandlerCompiler::compile(const language::Handler& handler) {
  end_ = builder_.new_label();
  for (std::size_t i = 0; i < handler.locals.size(); ++i)
    builder_.emit(Store{Size::u64, ExpressionCompiler::memory,
                        static_cast<std::int32_t>(script_.layout.locals + 8 * i), 0});
  if (handler.condition) expressions_.branch(*handler.condition, false, end_);
  statement(*handler.body);
  builder_.bind(end_);
}

void HandlerCompiler::statement(const language::Stmt& statement) {
  std::visit(Overloaded{[&](const language::Block& node) { block(node); },
                        [&](const language::If& node) { branch(node); },
                        [&](const language::Next&) { builder_.emit(Jump{end_}); },
                        [&](const language::Evaluate& node) { evaluate(*node.expression); },
                        [&](const language::Delete& node) {
                          builder_.from(statement.span);
                          threads_.remove(expressions_, node.target);
                        },
                        [](const auto&) { assert(false && "the planner lets nothing else pass"); }},
             statement.node);
}

bool HandlerCompiler::is_of_threads(const Place& target) const {
  return target.kind == Place::Kind::global &&
         script_.plan.tables.thread_array_of(target.index).has_value();
}

// nullptr: the statement updates nothing in the tables.
const Expr* HandlerCompiler::update_in(const language::Stmt& statement) const {
  const auto* evaluate = std::get_if<language::Evaluate>(&statement.node);
  const Place* target = evaluate ? language::assigned_place(*evaluate->expression) : nullptr;
  const bool updates = target && target->kind == Place::Kind::global && !is_of_threads(*target);
  return updates ? evaluate->expression.get() : nullptr;
}

// Updates that follow each other are made together.
void HandlerCompiler::block(const language::Block& block) {
  std::vector<const Expr*> updates;
  const auto make_updates = [&] {
    if (!updates.empty()) updates_.update(expressions_, updates);
    updates.clear();
  };
  for (const language::StmtPtr& each : block.statements) {
    if (const Expr* update = update_in(*each)) {
      updates.push_back(update);
      continue;
    }
    make_updates();
    statement(*each);
  }
  make_updates();
}

void HandlerCompiler::branch(const language::If& node) {
  const Label otherwise = builder_.new_label();
  const Label end = builder_.new_label();
  expressions_.branch(*node.condition, false, otherwise);
  statement(*node.then);
  if (node.otherwise) builder_.emit(Jump{end});
  builder_.bind(otherwise);
  if (node.otherwise) statement(*node.otherwise);
  builder_.bind(end);
}

void HandlerCompiler::evaluate(const Expr& expression) {
  const Place* target = language::assigned_place(expression);
  if (target == nullptr) return;  // nobody asks for its value
  if (target->kind == Place::Kind::local) return set_local(expression);
  if (is_of_threads(*target)) return threads_.assign(expressions_, expression);
  const Expr* const update = &expression;
  updates_.update(expressions_, {&update, 1});
}

void HandlerCompiler::set_local(const Expr& statement) {
  using enum Register;
  const Register memory = ExpressionCompiler::memory;
  const auto at = static_cast<std::int32_t>(script_.layout.locals +
                                            language::assigned_place(statement)->index * 8);
  const auto* assign = std::get_if<Assign>(&statement.node);
  Operand operand = std::int64_t{0};
  if (assign)
    operand = expressions_.value(*assign->value);
  else
    operand = std::int64_t{std::get<Increment>(statement.node).delta};
  if (assign && assign->op == AssignOp::set)
    return builder_.emit(Store{Size::u64, memory, at, operand});
  const bool subtracts = assign && assign->op == AssignOp::subtract;
  builder_.emit(Load{Size::u64, r1, memory, at});
  builder_.emit(Alu{subtracts ? AluOperator::subtract : AluOperator::add, r1, operand});
  builder_.emit(Store{Size::u64, memory, at, r1});
}

}  // namespace socktap::ebpf
