// Whether an expression may write a local: what is read from a local's own register before it must
// then be copied.
#include <variant>

#include "language/walk.h"
#include "vm/routine_compiler.h"

namespace socktap::vm {
namespace {

bool writes_local(const language::Expr& expr) {
  const language::Place* target = nullptr;
  if (const auto* assign = std::get_if<language::Assign>(&expr.node)) target = &assign->target;
  if (const auto* step = std::get_if<language::Increment>(&expr.node)) target = &step->target;
  return target != nullptr && target->kind == language::Place::Kind::local;
}

}  // namespace

bool writes_locals(const language::ExprPtr& expr) {
  if (!expr) return false;
  bool writes = false;
  language::walk(*expr, [&writes](const language::Expr& each) { writes |= writes_local(each); });
  return writes;
}

std::vector<bool> writes_locals_behind(std::span<const language::ExprPtr> exprs) {
  std::vector<bool> writes(exprs.size());
  for (std::size_t i = exprs.size(); i-- > 1;) writes[i - 1] = writes[i] || writes_locals(exprs[i]);
  return writes;
}

}  // namespace socktap::vm
