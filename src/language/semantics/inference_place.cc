// Names and array elements: what they stand for, and who reads and writes what.
#include <fmt/format.h>

#include "language/semantics/ast_walk.h"
#include "language/semantics/inference.h"

namespace socktap::language::semantics {
namespace {

constexpr std::size_t most_keys = 9;

std::string counted_keys(std::size_t count) {
  if (count == 0) return "without a key";
  return count == 1 ? std::string("with 1 key") : fmt::format("with {} keys", count);
}

}  // namespace

Term Inference::infer_place(const ast::Expr& place, Access access) {
  if (const auto* name = std::get_if<ast::Name>(&place.node))
    return infer_name(name->text, place.span, access);
  if (const auto* subscript = std::get_if<ast::Subscript>(&place.node))
    return infer_element(*subscript, place.span, access);
  if (std::holds_alternative<ast::TargetVariable>(place.node)) return infer(place);
  reporter_.error("not-assignable", place.span, "this cannot be assigned to",
                  "a variable or an array's element can");
  return Term::wrong();
}

Term Inference::infer_name(std::string_view name, Span span, Access access) {
  const Binding binding = bind(name, span);
  if (const auto* local = std::get_if<LocalBinding>(&binding))
    return infer_local(local->index, span, access);
  if (const auto* event = std::get_if<EventBinding>(&binding))
    return infer_event_variable(event->variable, span, access);
  const std::uint32_t global = std::get<GlobalBinding>(binding).index;
  symbols_.globals[global].is_used = true;
  if (!set_arity(global, 0, span)) return Term::wrong();
  note_access(global, span, access);
  if (access != Access::write && access != Access::accumulate && access != Access::extract)
    warn_of_hidden_variable(global, span);
  return Term::of(symbols_.globals[global].value);
}

Term Inference::infer_local(std::uint32_t index, Span span, Access access) {
  LocalSymbol& local = unit_->locals[index];
  if (access == Access::accumulate || access == Access::extract) {
    reporter_.error("statistic-not-global", span,
                    fmt::format("`{}` is local: only a global can be a statistic", local.name),
                    fmt::format("declare it: global {}", local.name));
    types_.mark_wrong(Term::of(local.type));
    return Term::wrong();
  }
  if (local.starts_as) return infer_event_local(local, span, access);
  if (in_condition_ && !may_be_of_unknown_point(*unit_, local.name)) {
    reporter_.error("condition-with-local", span,
                    fmt::format("`{}` is not known where the condition is tested", local.name),
                    "a probe's condition may use globals, functions and event variables");
    types_.mark_wrong(Term::of(local.type));
  }
  if (access == Access::read || access == Access::update)
    if (!local.first_read) local.first_read = span;
  if (access != Access::read) local.is_assigned = true;
  return Term::of(local.type);
}

Term Inference::infer_element(const ast::Subscript& subscript, Span span, Access access) {
  const auto* histogram = std::get_if<ast::AtOperator>(&subscript.base->node);
  if (histogram != nullptr && access == Access::read) return infer_bucket(subscript, *histogram);
  const auto global = find_array(*subscript.base, subscript.keys.size());
  if (!global) {
    for (const ast::ExprPtr& key : subscript.keys)
      if (key) infer(*key);
    return Term::wrong();
  }
  infer_keys(*global, subscript.keys, span);
  note_access(*global, span, access);
  return Term::of(symbols_.globals[*global].value);
}

std::optional<std::uint32_t> Inference::find_array(const ast::Expr& base, std::size_t key_count) {
  if (const auto* name = std::get_if<ast::Name>(&base.node))
    return find_global(name->text, base.span, key_count > 0);
  if (std::holds_alternative<ast::TargetVariable>(base.node))
    infer(base);
  else
    reporter_.error("not-an-array", base.span, "only a global array has elements");
  return std::nullopt;
}

// The global of that name, although a parameter may bear it too; reported if there is none.
std::optional<std::uint32_t> Inference::find_global(std::string_view name, Span span,
                                                    bool is_array) {
  if (const auto found = look_up_global(name)) return found;
  const auto hint = [&] {
    std::string near = did_you_mean(name, symbols_.global_names());
    return near.empty() ? fmt::format("declare it: global {}", name) : near;
  };
  reporter_.error_once(
      "unknown-array", span,
      fmt::format("`{}` is not a global{}", name, is_array ? ": it has no elements" : ""), hint);
  return std::nullopt;
}

void Inference::infer_keys(std::uint32_t global, const std::vector<ast::ExprPtr>& keys, Span span) {
  const bool fits = set_arity(global, keys.size(), span);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (!keys[i]) continue;  // a wildcard
    const Term key = infer(*keys[i]);
    if (!fits) continue;
    const Term column = Term::of(symbols_.globals[global].keys[i]);
    if (types_.unify(column, key, keys[i]->span)) continue;
    conflict(keys[i]->span,
             fmt::format("key {} of `{}` is {}, but {} is {}", i + 1,
                         symbols_.globals[global].declaration->name,
                         with_article(types_.type_of(column)), describe(*keys[i]),
                         with_article(types_.type_of(key))),
             {{key, describe(*keys[i])}, {column, "the key"}})
        .hint = conversion_hint(types_.type_of(key), types_.type_of(column));
  }
}

bool Inference::set_arity(std::uint32_t global, std::size_t arity, Span span) {
  GlobalSymbol& symbol = symbols_.globals[global];
  if (symbol.arity_is_wrong) return false;
  if (!symbol.arity) {
    if (arity > most_keys) {
      reporter_.error("too-many-keys", span,
                      fmt::format("an array has at most {} keys, not {}", most_keys, arity));
      return false;
    }
    const ast::Global& declared = *symbol.declaration;
    if (arity == 0 && (declared.size || declared.wraps)) {
      reporter_.error(
          "arity-mismatch", span,
          fmt::format("`{}` is declared as an array, but used without a key here", declared.name));
      types_.mark_wrong(Term::of(symbol.value));
      symbol.arity_is_wrong = true;
      return false;
    }
    symbol.arity = arity;
    symbol.arity_at = span;
    for (std::size_t i = 0; i < arity; ++i) symbol.keys.push_back(types_.fresh());
  }
  if (*symbol.arity == arity) return true;
  symbol.arity_is_wrong = true;
  Diagnostic& error = reporter_.error(
      "arity-mismatch", span,
      fmt::format("`{}` is used {} here, but {} elsewhere", symbol.declaration->name,
                  counted_keys(arity), counted_keys(*symbol.arity)));
  error.notes.push_back({symbol.arity_at, fmt::format("{} here", counted_keys(*symbol.arity))});
  if (tapset::find_variable(symbol.declaration->name) != nullptr && arity == 0)
    error.hint = "the global hides the event variable of that name: call it something else";
  return false;
}

void Inference::note_access(std::uint32_t global, Span span, Access access) {
  GlobalSymbol& symbol = symbols_.globals[global];
  symbol.is_used = true;
  if (!symbol.first_use) symbol.first_use = uses_++;
  const bool reads = access == Access::read || access == Access::update ||
                     access == Access::extract || access == Access::clear;
  if (reads && !symbol.is_read) {
    symbol.is_read = true;
    symbol.first_read = span;
  }
  if (access == Access::read || access == Access::write)
    value_uses_.push_back({global, span, access == Access::write});
  if (access == Access::read || access == Access::extract) return;
  symbol.is_written = true;
  if (unit_->function) symbols_.functions[*unit_->function].modified_globals.push_back(global);
  for (const IteratedGlobal& iterated : iterated_) {
    if (iterated.global != global) continue;
    reporter_
        .error("modified-while-iterated", span,
               fmt::format("`{}` must not be modified while foreach iterates it",
                           symbol.declaration->name),
               "collect the changes and make them after the loop")
        .notes.push_back({iterated.span, "the loop is here"});
  }
}

// The prelude's are declared when they are used first.
std::optional<std::uint32_t> Inference::look_up_global(std::string_view name) {
  const auto found = symbols_.global_by_name.find(name);
  if (found != symbols_.global_by_name.end()) return found->second;
  const ast::Global* declaration = prelude_.find_global(name);
  if (declaration == nullptr) return std::nullopt;
  return declare_library_global(*declaration, symbols_, types_);
}

bool Inference::uses_arguments() const {
  const auto found = symbols_.global_by_name.find("argv");
  return found != symbols_.global_by_name.end() &&
         symbols_.globals[found->second].declaration == prelude_.find_global("argv");
}

LocalBinding Inference::add_local(std::string_view name, Span span) {
  LocalSymbol& local = unit_->locals.emplace_back();
  local.name = name;
  local.type = types_.fresh();
  local.first_seen = span;
  return {static_cast<std::uint32_t>(unit_->locals.size() - 1)};
}

Binding Inference::bind(std::string_view name, Span span) {
  const auto bound = unit_->bindings.find(name);
  if (bound != unit_->bindings.end()) return bound->second;
  Binding binding;
  if (const auto global = look_up_global(name)) {
    binding = GlobalBinding{*global};
  } else if (const tapset::VariableRow* row = event_variable(*unit_, name)) {
    if (unit_->assigned.contains(name)) {
      binding = add_event_local(*row, span);
    } else {
      binding = EventBinding{row->id};
    }
  } else {
    const LocalBinding local = add_local(name, span);
    if (may_be_of_unknown_point(*unit_, name))
      types_.mark_wrong(Term::of(unit_->locals[local.index].type));
    binding = local;
  }
  unit_->bindings.emplace(name, binding);
  return binding;
}

}  // namespace socktap::language::semantics
