#include "plan/filter.h"

#include <fmt/format.h>

#include <span>

#include "base/overloaded.h"
#include "plan/kernel_expression.h"

namespace socktap::plan {
namespace {

using language::Binary;
using language::BinaryOp;
using language::Block;
using language::Expr;
using language::If;
using language::Stmt;
using language::Unary;
using language::UnaryOp;

class Reader {
 public:
  Reader(const language::TypedProgram& program, const language::Handler& handler)
      : program_(program), handler_(handler) {}

  Filter read() {
    if (!handler_.condition || require(*handler_.condition, true)) go_through(*handler_.body);
    return std::move(filter_);
  }

 private:
  // False: what comes behind it cannot be known.
  bool go_through(const Stmt& statement) {
    if (const auto* block = std::get_if<Block>(&statement.node)) return go_through(*block);
    const auto* branch = std::get_if<If>(&statement.node);
    return branch && leaves(*branch) && require(*branch->condition, false);
  }

  bool go_through(const Block& block) {
    for (const language::StmtPtr& statement : block.statements) {
      if (statement == block.statements.back()) return go_through_last(*statement);
      if (!go_through(*statement)) return false;
    }
    return true;
  }

  // Where it is the last, a branch that is all there is to do is a condition, too.
  bool go_through_last(const Stmt& statement) {
    const auto* branch = std::get_if<If>(&statement.node);
    if (!branch || branch->otherwise || leaves(*branch)) return go_through(statement);
    return require(*branch->condition, true) && go_through_last_of(*branch->then);
  }

  bool go_through_last_of(const Stmt& statement) {
    if (const auto* block = std::get_if<Block>(&statement.node)) return go_through(*block);
    return go_through_last(statement);
  }

  // `if (condition) next`, and nothing else.
  static bool leaves(const If& branch) { return !branch.otherwise && is_next(*branch.then); }

  static bool is_next(const Stmt& statement) {
    if (const auto* block = std::get_if<Block>(&statement.node))
      return block->statements.size() == 1 && is_next(*block->statements.front());
    return std::holds_alternative<language::Next>(statement.node);
  }

  // The parts of a conjunction one by one. False: one of them stays, and what comes behind it too.
  bool require(const Expr& condition, bool holds) {
    if (const auto* negation = std::get_if<Unary>(&condition.node);
        negation && negation->op == UnaryOp::logical_not)
      return require(*negation->operand, !holds);
    const auto* binary = std::get_if<Binary>(&condition.node);
    if (binary && binary->op == (holds ? BinaryOp::logical_and : BinaryOp::logical_or))
      return require(*binary->left, holds) && require(*binary->right, holds);
    if (const auto reason = why_not_in_kernel(program_, handler_, condition)) {
      filter_.notes.push_back(
          {condition.span, fmt::format("this condition is tested in the machine: {}", *reason)});
      return false;
    }
    filter_.conjuncts.push_back({&condition, holds});
    return true;
  }

  const language::TypedProgram& program_;
  const language::Handler& handler_;
  Filter filter_;
};

}  // namespace

Filter leading_filter(const language::TypedProgram& program, const language::Handler& handler) {
  return Reader(program, handler).read();
}

}  // namespace socktap::plan
