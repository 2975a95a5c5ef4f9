// One body that has locals of its own, a handler or a function, and what the names in it mean.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <variant>
#include <vector>

#include "language/semantics/probe_expansion.h"
#include "language/semantics/type_table.h"
#include "tapset/catalogue.h"

namespace socktap::language::semantics {

struct LocalSymbol {
  std::string_view name;
  TypeVariable type = 0;
  Span first_seen;
  std::optional<Span> first_read;
  bool is_assigned = false;  // parameters are by their callers

  // A variable of the event that the script assigns too is a local that starts with its value;
  // from `is_set` on the value is the script's.
  std::optional<tapset::Variable> starts_as;
  bool is_set = false;
};

struct GlobalBinding {
  std::uint32_t index;
};
struct LocalBinding {
  std::uint32_t index;
};
struct EventBinding {
  tapset::Variable variable;
};
using Binding = std::variant<GlobalBinding, LocalBinding, EventBinding>;

struct Unit {
  // One of the two is set.
  const HandlerDraft* handler = nullptr;
  std::optional<std::uint32_t> function;

  // In the order they run; of a handler its aliases' bodies are among them.
  std::vector<const ast::Stmt*> bodies;
  std::vector<LocalSymbol> locals;
  std::unordered_map<std::string_view, Binding> bindings;
  std::unordered_map<const ast::Expr*, std::uint32_t> calls;  // which function each call means

  // Event variables: what some and what all of the points have, what some have by the manual, and
  // which names the script assigns.
  bool has_event = false;
  bool has_unknown_points = false;  // whose variables nobody knows
  tapset::VariableSet in_some_point, in_every_point, of_manual;
  std::unordered_set<std::string_view> assigned;
  tapset::VariableSet reported_missing;

  const Binding& binding(std::string_view name) const { return bindings.at(name); }
};

// Everything about a handler that is known before its names are bound.
Unit open_unit(const HandlerDraft& draft);

// Whether anything in the handler's own body, aliases left out, assigns to the name.
bool assigns(const ast::Stmt& body, std::string_view name);

// What a name that is no global means, and is not bound yet, is as an event variable; null if it
// is none or the script has made the name its own. The manual's variables keep their meaning where
// the script assigns them; ours give way.
const tapset::VariableRow* event_variable(const Unit& unit, std::string_view name);

// Whether a name that is nothing else may be a variable of a point that is not known.
bool may_be_of_unknown_point(const Unit& unit, std::string_view name);

}  // namespace socktap::language::semantics
