#include "language/semantics/leftovers.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdlib>

namespace socktap::language::semantics {
namespace {

std::optional<std::int64_t> parse_number(const std::string& text) {
  if (text.empty()) return std::nullopt;
  char* end = nullptr;
  errno = 0;
  const long long value = std::strtoll(text.c_str(), &end, 0);
  if (errno != 0 || *end != '\0') return std::nullopt;
  return value;
}

class Leftovers {
 public:
  Leftovers(const Symbols& symbols, TypeTable& types, Reporter& reporter)
      : symbols_(symbols), types_(types), reporter_(reporter) {}

  void check(const Inference& inference) {
    for (const Unit& unit : inference.handlers()) check_locals(unit);
    for (const Unit& unit : inference.functions()) check_locals(unit);
    for (const FunctionSymbol& function : symbols_.functions) check_function(function);
    for (const GlobalSymbol& global : symbols_.globals) check_global(global);
  }

 private:
  void check_locals(const Unit& unit);
  void check_never_assigned(const Unit& unit, const LocalSymbol& local);
  void check_function(const FunctionSymbol& function);
  void check_global(const GlobalSymbol& global);
  void check_decided(TypeVariable variable, Span span, const std::string& what, const Hint& hint);
  std::string name_hint(const Unit& unit, std::string_view name) const;

  const Symbols& symbols_;
  TypeTable& types_;
  Reporter& reporter_;
};

// Reported once for all that share the type.
void Leftovers::check_decided(TypeVariable variable, Span span, const std::string& what,
                              const Hint& hint) {
  const Term term = Term::of(variable);
  if (types_.is_wrong(term) || types_.type_of(term) != Type::none) return;
  reporter_.error("unresolved-type", span,
                  fmt::format("nothing tells whether {} is a long or a string", what), hint);
  types_.mark_wrong(term);
}

void Leftovers::check_locals(const Unit& unit) {
  for (const LocalSymbol& local : unit.locals) {
    check_decided(local.type, local.first_seen, fmt::format("`{}`", local.name),
                  [&] { return local.is_assigned ? std::string() : name_hint(unit, local.name); });
    check_never_assigned(unit, local);
  }
}

void Leftovers::check_never_assigned(const Unit& unit, const LocalSymbol& local) {
  const Term type = Term::of(local.type);
  if (local.is_assigned || !local.first_read || types_.is_wrong(type)) return;
  if (types_.type_of(type) == Type::stats) return;  // reported as what it was mistaken for
  reporter_.warning("never-assigned", *local.first_read,
                    fmt::format("`{}` is never assigned: it reads {}", local.name,
                                types_.type_of(type) == Type::string ? "\"\"" : "0"),
                    [&] { return name_hint(unit, local.name); });
}

std::string Leftovers::name_hint(const Unit& unit, std::string_view name) const {
  if (!unit.has_event && tapset::find_variable(name) != nullptr)
    return unit.function
               ? fmt::format("`{}` is a variable of events: pass it as an argument", name)
               : fmt::format("`{}` is a variable of other probe points; these have none", name);
  std::vector<std::string_view> names = symbols_.global_names();
  for (const LocalSymbol& local : unit.locals)
    if (local.is_assigned) names.push_back(local.name);
  if (unit.has_event)
    for (const tapset::VariableRow& row : tapset::variables())
      if (unit.in_some_point.contains(row.id)) names.push_back(row.name);
  return did_you_mean(name, names);
}

void Leftovers::check_function(const FunctionSymbol& function) {
  const ast::Function& declaration = *function.declaration;
  if (!function.is_called) {
    if (declaration.of_tapset || reporter_.has_errors()) return;  // the call may be among them
    reporter_.warning(
        "unused-function", declaration.span,
        fmt::format("`{}` is never called: it is left out, unchecked", declaration.name));
    return;
  }
  if (function.returns_value)
    check_decided(function.result, declaration.span,
                  fmt::format("what `{}` returns", declaration.name),
                  fmt::format("declare it: function {}:long or function {}:string",
                              declaration.name, declaration.name));
}

void Leftovers::check_global(const GlobalSymbol& global) {
  const ast::Global& declaration = *global.declaration;
  if (!global.is_used) {
    if (declaration.of_tapset) return;
    reporter_.warning("unused-global", declaration.span,
                      fmt::format("the global `{}` is never used", declaration.name));
    return;
  }
  check_decided(global.value, declaration.span, fmt::format("`{}`", declaration.name), "");
  for (std::size_t i = 0; i < global.keys.size(); ++i)
    check_decided(global.keys[i], declaration.span,
                  fmt::format("key {} of `{}`", i + 1, declaration.name), "");
  const bool starts_with_value = declaration.initial || global.override_value;
  if (global.is_read && !global.is_written && !starts_with_value &&
      !types_.is_wrong(Term::of(global.value)))
    reporter_.warning("never-assigned", global.first_read,
                      fmt::format("the global `{}` is never assigned", declaration.name));
}

void apply(const std::string& name, const std::string& value, GlobalSymbol& global,
           TypeTable& types, Reporter& reporter) {
  const Span span = global.declaration->span;
  const Term type = Term::of(global.value);
  if (global.arity.value_or(0) > 0 || types.type_of(type) == Type::stats) {
    reporter.error("bad-global-option", span,
                   fmt::format("-G {} sets a scalar, but `{}` is {}", name, name,
                               global.arity.value_or(0) > 0 ? "an array" : "a statistic"));
    return;
  }
  const auto number = parse_number(value);
  if (types.type_of(type) == Type::none)
    types.unify(type, Term::known(number ? Type::number : Type::string), span);
  if (types.type_of(type) == Type::number && !number) {
    reporter.error(
        "bad-global-option", span,
        fmt::format("-G {}={}: `{}` is a long, and this is no number", name, value, name));
    return;
  }
  if (number) global.override_number = *number;
  global.override_value = value;
}

}  // namespace

void apply_overrides(const Invocation& invocation, Symbols& symbols, TypeTable& types,
                     Reporter& reporter) {
  for (const auto& [name, value] : invocation.globals) {
    const auto found = symbols.global_by_name.find(name);
    if (found != symbols.global_by_name.end()) {
      apply(name, value, symbols.globals[found->second], types, reporter);
      continue;
    }
    const Span place = symbols.globals.empty() ? Span{} : symbols.globals[0].declaration->span;
    reporter.error(
        "bad-global-option", place,
        fmt::format("-G {}={}: the script has no global `{}`", name, value, name),
        [&symbols, wrong = name] { return did_you_mean(wrong, symbols.global_names()); });
  }
}

void check_leftovers(const Inference& inference, const Symbols& symbols, TypeTable& types,
                     Reporter& reporter) {
  Leftovers(symbols, types, reporter).check(inference);
}

}  // namespace socktap::language::semantics
