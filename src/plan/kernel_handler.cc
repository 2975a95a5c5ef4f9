#include "plan/kernel_handler.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "base/overloaded.h"

namespace socktap::plan {
namespace {

using language::Assign;
using language::AssignOp;
using language::Expr;
using language::Increment;
using language::Place;

std::string_view name_of(const language::TypedProgram& program, const language::Handler& handler,
                         const Place& place) {
  return place.kind == Place::Kind::global ? program.globals[place.index].name
                                           : handler.locals[place.index].name;
}

class Reader {
 public:
  Reader(const language::TypedProgram& program, const language::Handler& handler,
         const KernelScope& scope)
      : program_(program), handler_(handler), scope_(scope) {}

  tl::expected<std::vector<GlobalUpdate>, Note> read() {
    at_ = handler_.span;
    const bool runs = (!handler_.condition || computes(*handler_.condition)) &&
                      std::visit([&](const auto& node) { return of(node); }, handler_.body->node);
    if (runs && updates_.empty() && !has_own_) stays("it updates nothing");
    if (note_) return tl::unexpected(std::move(*note_));
    return std::move(updates_);
  }

 private:
  bool runs(const language::StmtPtr& statement) {
    if (!statement) return true;
    at_ = statement->span;
    return std::visit([&](const auto& node) { return of(node); }, statement->node);
  }

  bool of(const language::Block& node) {
    return std::ranges::all_of(node.statements, [&](const auto& each) { return runs(each); });
  }
  bool of(const language::If& node) {
    return computes(*node.condition) && runs(node.then) && runs(node.otherwise);
  }
  bool of(const language::Next&) { return true; }
  bool of(const language::Evaluate& node) {
    const Expr& expression = *node.expression;
    if (const auto* assign = std::get_if<Assign>(&expression.node))
      return assign->target.kind == Place::Kind::local ? sets_local(*assign)
                                                       : updates(expression, *assign);
    if (const auto* increment = std::get_if<Increment>(&expression.node))
      return increments(expression, increment->target);
    return computes(expression);
  }
  bool of(const language::Delete& node) {
    return is_own_element(node.target) ? sets_own(node.target) : stays("it deletes");
  }
  bool of(const language::Loop&) { return stays("it loops"); }
  bool of(const language::Foreach&) { return stays("it loops"); }
  bool of(const language::Try&) { return stays("it catches errors"); }
  // Of loops and functions only.
  bool of(const language::Break&) { return stays("it loops"); }
  bool of(const language::Continue&) { return stays("it loops"); }
  bool of(const language::Return&) { return stays("it returns"); }

  bool stays(std::string reason) {
    if (!note_) note_ = Note{Note::About::handler, at_, std::move(reason)};
    return false;
  }

  bool computes(const Expr& expression) {
    auto reason = why_not_in_kernel(program_, handler_, expression, scope_);
    if (!reason) return true;
    at_ = expression.span;
    return stays(std::move(*reason));
  }

  bool sets_local(const Assign& assign) {
    if (handler_.locals[assign.target.index].type != Type::number) return stays("it makes a text");
    switch (assign.op) {
      case AssignOp::set:
      case AssignOp::add:
      case AssignOp::subtract:
        return computes(*assign.value);
      default:
        return stays("it assigns to a local by an operation of its own");
    }
  }

  // Of the thread's elements, which are changed at once.
  bool is_own_element(const Place& target) const {
    return target.kind == Place::Kind::global && scope_.is_of_threads(target.index);
  }

  bool sets_own(const Place& target) {
    has_own_ = true;
    auto reason = why_no_own_key(program_, handler_, target.keys, scope_);
    return !reason || stays(std::move(*reason));
  }

  bool updates(const Expr& statement, const Assign& assign) {
    const bool adds_or_sets =
        assign.op == AssignOp::set || assign.op == AssignOp::add || assign.op == AssignOp::subtract;
    if (is_own_element(assign.target) && adds_or_sets)
      return computes(*assign.value) && sets_own(assign.target);
    switch (assign.op) {
      case AssignOp::add:
      case AssignOp::subtract:
        return computes(*assign.value) && adds(statement, assign.target, Cell::Kind::sum);
      case AssignOp::accumulate:
        return computes(*assign.value) && adds(statement, assign.target, Cell::Kind::statistic);
      case AssignOp::set: {
        const auto value = kept(*assign.value);
        return value && add({&statement,
                             &assign.target,
                             {},
                             {assign.target.index, Cell::Kind::last, *value}});
      }
      default:
        return stays(fmt::format("what it makes of {} depends on what that was",
                                 name_of(program_, handler_, assign.target)));
    }
  }

  bool increments(const Expr& statement, const Place& target) {
    if (target.kind == Place::Kind::local) return true;
    return is_own_element(target) ? sets_own(target) : adds(statement, target, Cell::Kind::sum);
  }

  bool adds(const Expr& statement, const Place& target, Cell::Kind kind) {
    return add({&statement, &target, {}, {target.index, kind, {}}});
  }

  bool add(GlobalUpdate update) {
    for (const language::ExprPtr& key : update.target->keys) {
      const auto column = kept(*key);
      if (!column) return false;
      update.key.push_back(*column);
    }
    updates_.push_back(std::move(update));
    return true;
  }

  // nullopt: it cannot be, and the note says why.
  std::optional<Kept> kept(const Expr& expression) {
    auto kept = how_kept(program_, handler_, expression, scope_);
    if (kept) return *kept;
    at_ = expression.span;
    stays(std::move(kept.error()));
    return std::nullopt;
  }

  const language::TypedProgram& program_;
  const language::Handler& handler_;
  const KernelScope& scope_;
  std::vector<GlobalUpdate> updates_;
  bool has_own_ = false;  // elements of the thread's are changed
  Span at_;
  std::optional<Note> note_;
};

}  // namespace

tl::expected<std::vector<GlobalUpdate>, Note> updates_of(const language::TypedProgram& program,
                                                         const language::Handler& handler,
                                                         const KernelScope& scope) {
  return Reader(program, handler, scope).read();
}

}  // namespace socktap::plan
