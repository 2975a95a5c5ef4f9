#include "language/semantics/elision.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "language/semantics/constants.h"
#include "language/semantics/effects.h"
#include "language/semantics/global_uses.h"
#include "language/semantics/typed_nodes.h"
#include "language/typed_children.h"
#include "language/walk.h"

namespace socktap::language::semantics {
namespace {

StmtPtr empty(Span span) { return make_statement(span, Block{}); }

StmtPtr evaluate(ExprPtr expression) {
  const Span span = expression->span;
  return make_statement(span, Evaluate{std::move(expression)});
}

bool leaves(const Stmt& statement) {
  return std::holds_alternative<Return>(statement.node) ||
         std::holds_alternative<Next>(statement.node) ||
         std::holds_alternative<Break>(statement.node) ||
         std::holds_alternative<Continue>(statement.node);
}

// Takes away what stands behind a return, next, break or continue. SystemTap does not look into
// the last statement of a block, and what is read there counts as read.
bool drop_unreached(Stmt& statement) {
  auto* block = std::get_if<Block>(&statement.node);
  bool is_changed = false;
  if (block == nullptr) {
    for_each_statement(statement,
                       [&](const Stmt& child) { is_changed |= drop_unreached(writable(child)); });
    return is_changed;
  }
  std::vector<StmtPtr>& statements = block->statements;
  for (std::size_t i = 0; i + 1 < statements.size(); ++i) {
    is_changed |= drop_unreached(writable(*statements[i]));
    if (!leaves(*statements[i])) continue;
    statements.erase(statements.begin() + static_cast<std::ptrdiff_t>(i) + 1, statements.end());
    return true;
  }
  return is_changed;
}

// One handler's or function's body.
class Body {
 public:
  Body(const Effects& effects, std::size_t locals) : effects_(effects), reads_(locals) {}

  StmtPtr without_idle(StmtPtr body) {
    if (!body) return body;
    const Span span = body->span;
    do {
      is_changed_ = fold_constants(body, effects_);
      if (!body) return empty(span);
      std::fill(reads_.begin(), reads_.end(), 0);
      count_reads(*body, 1);
      simplify(body);
      if (!body) return empty(span);
      is_changed_ |= drop_unreached(writable(*body));
    } while (is_changed_);
    return body;
  }

 private:
  void count_reads(const Stmt& statement, int change) {
    count_deletes(statement, change);
    walk(statement, [&](const Expr& each) {
      if (const auto* load = std::get_if<Load>(&each.node)) count(load->place, change);
      if (const auto* step = std::get_if<Increment>(&each.node)) count(step->target, change);
      const auto* assign = std::get_if<Assign>(&each.node);
      if (assign != nullptr && assign->op != AssignOp::set) count(assign->target, change);
    });
  }

  void count(const Place& place, int change) {
    if (is_local(place)) reads_[place.index] += change;
  }

  void count_deletes(const Stmt& statement, int change) {
    if (const auto* removal = std::get_if<Delete>(&statement.node)) count(removal->target, change);
    for_each_statement(statement, [&](const Stmt& child) { count_deletes(child, change); });
  }

  void leave_out(StmtPtr& statement) {
    if (statement) count_reads(*statement, -1);
    statement = nullptr;
  }

  // The value alone where it is assigned to a local that nothing reads.
  void simplify(ExprPtr& expression) {
    if (!expression) return;
    for (;;) {
      auto* assign = std::get_if<Assign>(&writable(*expression).node);
      if (assign == nullptr || assign->op != AssignOp::set || !is_local(assign->target) ||
          reads_[assign->target.index] > 0)
        break;
      ExprPtr value = std::move(assign->value);
      expression = std::move(value);
      is_changed_ = true;
    }
    for_each_child(writable(*expression), [this](ExprPtr& child) { simplify(child); });
  }

  // Null where nothing is left.
  void simplify(StmtPtr& statement) {
    if (!statement) return;
    Stmt& written = writable(*statement);
    const bool stays =
        std::visit([&](auto& node) { return simplify_node(written, node); }, written.node);
    if (stays) return;
    is_changed_ |= !std::holds_alternative<Block>(written.node);
    leave_out(statement);
  }

  // From the end: what a statement reads was assigned before, and may be idle without it.
  bool simplify_node(Stmt&, Block& block) {
    for (auto child = block.statements.rbegin(); child != block.statements.rend(); ++child)
      simplify(*child);
    std::vector<StmtPtr> left;
    for (StmtPtr& child : block.statements) {
      if (!child) continue;
      if (auto* inner = std::get_if<Block>(&writable(*child).node)) {
        std::ranges::move(inner->statements, std::back_inserter(left));
      } else {
        left.push_back(std::move(child));
      }
    }
    block.statements = std::move(left);
    return !block.statements.empty();
  }

  bool simplify_node(Stmt& statement, Evaluate& node) {
    simplify(node.expression);
    if (!effects_.of(node.expression)) return false;
    StmtPtr parts = without_value(writable(*node.expression));
    if (!parts) return true;
    is_changed_ = true;
    auto reduced = std::move(writable(*parts).node);
    statement.node = std::move(reduced);
    return std::visit([&](auto& left) { return simplify_node(statement, left); }, statement.node);
  }

  // What remains of an expression that is evaluated for its operands' effects only; null if it
  // is evaluated itself.
  StmtPtr without_value(Expr& expression) {
    const Span span = expression.span;
    if (auto* unary = std::get_if<Unary>(&expression.node))
      return evaluate(std::move(unary->operand));
    if (auto* match = std::get_if<Match>(&expression.node))
      return evaluate(std::move(match->subject));
    if (auto* binary = std::get_if<Binary>(&expression.node)) return operands(span, *binary);
    if (auto* choice = std::get_if<Conditional>(&expression.node))
      return make_statement(span,
                            If{std::move(choice->condition), evaluate(std::move(choice->then)),
                               evaluate(std::move(choice->otherwise))});
    if (auto* call = std::get_if<Call>(&expression.node))
      return effects_.of_function(call->function) ? nullptr : each(span, call->arguments);
    if (auto* call = std::get_if<LibraryCall>(&expression.node))
      return has_effect(call->function) ? nullptr : each(span, call->arguments);
    auto* print = std::get_if<Print>(&expression.node);
    return print != nullptr && print->to_string ? each(span, print->arguments) : nullptr;
  }

  static StmtPtr each(Span span, std::vector<ExprPtr>& expressions) {
    Block block;
    for (ExprPtr& expression : expressions)
      block.statements.push_back(evaluate(std::move(expression)));
    return make_statement(span, std::move(block));
  }

  static StmtPtr operands(Span span, Binary& binary) {
    const bool is_or = binary.op == BinaryOp::logical_or;
    if (is_or || binary.op == BinaryOp::logical_and) {
      StmtPtr right = evaluate(std::move(binary.right));
      return is_or ? make_statement(span, If{std::move(binary.left), empty(span), std::move(right)})
                   : make_statement(span, If{std::move(binary.left), std::move(right), nullptr});
    }
    Block block;
    block.statements.push_back(evaluate(std::move(binary.left)));
    block.statements.push_back(evaluate(std::move(binary.right)));
    return make_statement(span, std::move(block));
  }

  bool simplify_node(Stmt& statement, If& branch) {
    simplify(branch.condition);
    simplify(branch.then);
    simplify(branch.otherwise);
    if (branch.then) return true;
    if (branch.otherwise) {
      branch.then = empty(statement.span);
      return true;
    }
    if (!effects_.of(branch.condition)) return false;
    ExprPtr condition = std::move(branch.condition);
    statement.node = Evaluate{std::move(condition)};
    return true;
  }

  bool simplify_node(Stmt& statement, Loop& loop) {
    simplify(loop.init);
    simplify(loop.condition);
    simplify(loop.step);
    simplify(loop.body);
    if (loop.body) return true;
    loop.body = empty(statement.span);
    return effects_.of(loop.init) || effects_.of(loop.condition) || effects_.of(loop.step);
  }

  // Without a body it goes, whatever its limit or its keys do.
  bool simplify_node(Stmt&, Foreach& loop) {
    for (ExprPtr& key : loop.slice) simplify(key);
    simplify(loop.limit);
    simplify(loop.body);
    return loop.body != nullptr;
  }

  bool simplify_node(Stmt& statement, Try& attempt) {
    simplify(attempt.body);
    simplify(attempt.handler);
    if (!attempt.handler) attempt.handler = empty(statement.span);
    return attempt.body != nullptr;
  }

  bool simplify_node(Stmt&, Return& statement) {
    simplify(statement.value);
    return true;
  }

  bool simplify_node(Stmt&, Delete& statement) {
    for (ExprPtr& key : statement.target.keys) simplify(key);
    return true;
  }

  bool simplify_node(Stmt&, auto&) { return true; }

  const Effects& effects_;
  std::vector<std::int64_t> reads_;  // how many there are of each local
  bool is_changed_ = false;
};

// Callees before callers, as far as they do not call each other.
std::vector<std::uint32_t> callees_first(const TypedProgram& program) {
  const std::vector<Function>& functions = program.functions;
  std::vector<std::vector<std::uint32_t>> callees(functions.size());
  for (std::uint32_t i = 0; i < functions.size(); ++i) {
    if (functions[i].body)
      walk(*functions[i].body, [&](const Expr& each) {
        if (const auto* call = std::get_if<Call>(&each.node)) callees[i].push_back(call->function);
      });
    if (functions[i].overload) callees[i].push_back(*functions[i].overload);
  }
  std::vector<std::uint32_t> order, open;
  std::vector<std::size_t> next_callee(functions.size(), 0);
  std::vector<bool> is_seen(functions.size(), false);
  for (std::uint32_t first = 0; first < functions.size(); ++first) {
    if (is_seen[first]) continue;
    open.push_back(first);
    is_seen[first] = true;
    while (!open.empty()) {
      const std::uint32_t function = open.back();
      if (next_callee[function] == callees[function].size()) {
        order.push_back(function);
        open.pop_back();
        continue;
      }
      const std::uint32_t callee = callees[function][next_callee[function]++];
      if (is_seen[callee]) continue;
      is_seen[callee] = true;
      open.push_back(callee);
    }
  }
  return order;
}

}  // namespace

void elide(TypedProgram& program) {
  Effects effects(program);
  for (const std::uint32_t i : callees_first(program)) {
    Function& function = program.functions[i];
    function.body = Body(effects, function.locals.size()).without_idle(std::move(function.body));
    effects.update(program, i);
  }
  for (Handler& handler : program.handlers)
    handler.body = Body(effects, handler.locals.size()).without_idle(std::move(handler.body));
  note_global_uses(program);
}

}  // namespace socktap::language::semantics
