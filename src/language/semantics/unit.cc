#include "language/semantics/unit.h"

#include <functional>
#include <string>
#include <utility>

#include "language/semantics/ast_walk.h"

namespace socktap::language::semantics {
namespace {

// Calls `visit` with every name that is assigned, incremented, deleted or bound below a node.
class AssignedNames {
 public:
  explicit AssignedNames(auto visit) : visit_(std::move(visit)) {}

  void walk(const ast::Stmt& statement) {
    if (const auto* loop = std::get_if<ast::Foreach>(&statement.node)) {
      for (const ast::Foreach::Binding& key : loop->keys) visit_(key.name);
      if (loop->value) visit_(loop->value->name);
    }
    if (const auto* guarded = std::get_if<ast::Try>(&statement.node))
      if (guarded->message) visit_(*guarded->message);
    if (const auto* deletion = std::get_if<ast::Delete>(&statement.node)) target(*deletion->target);
    for_each_child(
        statement, [this](const ast::Expr& child) { walk(child); },
        [this](const ast::Stmt& child) { walk(child); });
  }

 private:
  void walk(const ast::Expr& expression) {
    if (const auto* assign = std::get_if<ast::Assign>(&expression.node)) target(*assign->target);
    if (const auto* increment = std::get_if<ast::Increment>(&expression.node))
      target(*increment->target);
    for_each_child(expression, [this](const ast::Expr& child) { walk(child); });
  }

  void target(const ast::Expr& expression) {
    if (const auto* name = std::get_if<ast::Name>(&expression.node)) visit_(name->text);
  }

  std::function<void(const std::string&)> visit_;
};

void collect_assigned(Unit& unit) {
  AssignedNames names([&unit](const std::string& name) { unit.assigned.insert(name); });
  for (const ast::Stmt* body : unit.bodies) names.walk(*body);
}

}  // namespace

Unit open_unit(const HandlerDraft& draft) {
  Unit unit;
  unit.handler = &draft;
  unit.bodies = draft.prologues;
  if (draft.probe->body) unit.bodies.push_back(draft.probe->body.get());
  unit.bodies.insert(unit.bodies.end(), draft.epilogues.begin(), draft.epilogues.end());
  unit.in_every_point = tapset::VariableSet::all();
  for (const Point& point : draft.points) {
    const auto* trigger = std::get_if<const tapset::ProbePoint*>(&point.trigger);
    if (trigger == nullptr) {
      unit.in_every_point = {};
      continue;
    }
    unit.has_event = true;
    tapset::VariableSet of_point;
    for (const tapset::Binding& binding : (*trigger)->bindings) {
      of_point.insert(binding.variable);
      if (binding.of_manual) unit.of_manual.insert(binding.variable);
    }
    unit.in_some_point |= of_point;
    unit.in_every_point &= of_point;
  }
  unit.has_unknown_points = draft.has_unknown_points;
  if (unit.has_event || unit.has_unknown_points) collect_assigned(unit);
  return unit;
}

bool assigns(const ast::Stmt& body, std::string_view name) {
  bool found = false;
  AssignedNames names([&](const std::string& assigned) { found = found || assigned == name; });
  names.walk(body);
  return found;
}

const tapset::VariableRow* event_variable(const Unit& unit, std::string_view name) {
  if (!unit.has_event) return nullptr;
  const tapset::VariableRow* row = tapset::find_variable(name);
  if (row == nullptr) return nullptr;
  const bool may_be_hidden = !unit.of_manual.contains(row->id);
  return may_be_hidden && unit.assigned.contains(row->name) ? nullptr : row;
}

bool may_be_of_unknown_point(const Unit& unit, std::string_view name) {
  return unit.has_unknown_points && !unit.assigned.contains(name);
}

}  // namespace socktap::language::semantics
