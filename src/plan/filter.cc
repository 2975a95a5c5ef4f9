#include "plan/filter.h"

#include <algorithm>

#include "base/overloaded.h"

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
  Reader(const language::TypedProgram& program, const language::Handler& handler,
         const KernelScope& scope)
      : program_(program), handler_(handler), scope_(scope) {}

  Filter read() {
    if (!handler_.condition || require(*handler_.condition, true)) go_through(*handler_.body, true);
    return std::move(filter_);
  }

 private:
  // False: what comes behind it cannot be known. `is_last`: nothing does.
  bool go_through(const Stmt& statement, bool is_last) {
    if (const auto* block = std::get_if<Block>(&statement.node))
      return std::ranges::all_of(block->statements, [&](const language::StmtPtr& part) {
        return go_through(*part, is_last && part == block->statements.back());
      });
    const auto* branch = std::get_if<If>(&statement.node);
    if (branch == nullptr || branch->otherwise) return false;
    if (is_next(*branch->then)) return require(*branch->condition, false);
    // Where a branch is all that is left to do, its condition is one of the handler's.
    return is_last && require(*branch->condition, true) && go_through(*branch->then, true);
  }

  // `next`, and nothing else.
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
    if (const auto reason = why_not_in_kernel(program_, handler_, condition, scope_)) {
      filter_.notes.push_back({Note::About::condition, condition.span, *reason});
      return false;
    }
    filter_.conjuncts.push_back({&condition, holds});
    return true;
  }

  const language::TypedProgram& program_;
  const language::Handler& handler_;
  const KernelScope& scope_;
  Filter filter_;
};

}  // namespace

Filter leading_filter(const language::TypedProgram& program, const language::Handler& handler,
                      const KernelScope& scope) {
  return Reader(program, handler, scope).read();
}

}  // namespace socktap::plan
