// Whether an expression may write a local: what is read from a local's own register before it must
// then be copied.
#include <algorithm>
#include <variant>

#include "vm/routine_compiler.h"

namespace socktap::vm {
namespace {

using language::ExprPtr;
using language::Place;

bool any(const ExprPtr& expr) { return expr && writes_locals(*expr); }
bool any(const std::vector<ExprPtr>& exprs) {
  return std::any_of(exprs.begin(), exprs.end(), [](const ExprPtr& expr) { return any(expr); });
}

struct Visitor {
  bool operator()(const language::NumberLiteral&) const { return false; }
  bool operator()(const language::StringLiteral&) const { return false; }
  bool operator()(const language::EventVariable&) const { return false; }
  bool operator()(const language::Load& node) const { return any(node.place.keys); }
  bool operator()(const language::Unary& node) const { return any(node.operand); }
  bool operator()(const language::Binary& node) const { return any(node.left) || any(node.right); }
  bool operator()(const language::Conditional& node) const {
    return any(node.condition) || any(node.then) || any(node.otherwise);
  }
  bool operator()(const language::Assign& node) const {
    return node.target.kind == Place::Kind::local || any(node.target.keys) || any(node.value);
  }
  bool operator()(const language::Increment& node) const {
    return node.target.kind == Place::Kind::local || any(node.target.keys);
  }
  bool operator()(const language::Contains& node) const { return any(node.keys); }
  bool operator()(const language::Match& node) const { return any(node.subject); }
  bool operator()(const language::Call& node) const { return any(node.arguments); }
  bool operator()(const language::LibraryCall& node) const { return any(node.arguments); }
  bool operator()(const language::Extract& node) const { return any(node.statistic.keys); }
  bool operator()(const language::Bucket& node) const {
    return any(node.statistic.keys) || any(node.index);
  }
  bool operator()(const language::HistogramText& node) const { return any(node.statistic.keys); }
  bool operator()(const language::Print& node) const {
    return any(node.delimiter) || any(node.arguments);
  }
};

}  // namespace

bool writes_locals(const language::Expr& expr) { return std::visit(Visitor{}, expr.node); }

}  // namespace socktap::vm
