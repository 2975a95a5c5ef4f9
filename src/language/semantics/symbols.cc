#include "language/semantics/symbols.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "language/semantics/ast_walk.h"
#include "language/semantics/point_name.h"
#include "language/semantics/print_family.h"

namespace socktap::language::semantics {
namespace {

class Declarer {
 public:
  Declarer(TypeTable& types, Reporter& reporter) : types_(types), reporter_(reporter) {}

  Symbols declare(const ast::Script& script) {
    for (const ast::Global& global : script.globals) declare_global(global);
    for (const ast::Function& function : script.functions) declare_function(function);
    for (auto& [name, indices] : same_name_) group(name, indices);
    return std::move(symbols_);
  }

 private:
  void declare_global(const ast::Global& global);
  void initialize(GlobalSymbol& symbol);
  void declare_function(const ast::Function& function);
  void group(std::string_view name, const std::vector<std::uint32_t>& indices);
  void add_set(std::string_view name, const std::vector<std::uint32_t>& members);

  TypeTable& types_;
  Reporter& reporter_;
  Symbols symbols_;
  std::unordered_map<std::string_view, std::vector<std::uint32_t>> same_name_;
};

void Declarer::declare_global(const ast::Global& global) {
  const auto index = static_cast<std::uint32_t>(symbols_.globals.size());
  const auto [found, added] = symbols_.global_by_name.try_emplace(global.name, index);
  if (!added) {
    reporter_
        .error("duplicate-global", global.span,
               fmt::format("the global `{}` is declared twice", global.name))
        .notes.push_back(
            {symbols_.globals[found->second].declaration->span, "it is declared here"});
    return;
  }
  GlobalSymbol& symbol = symbols_.globals.emplace_back();
  symbol.declaration = &global;
  symbol.value = types_.fresh();
  initialize(symbol);
}

void Declarer::initialize(GlobalSymbol& symbol) {
  const ast::Expr* initial = symbol.declaration->initial.get();
  if (initial == nullptr) return;
  const bool is_string = std::holds_alternative<ast::String>(initial->node);
  types_.unify(Term::of(symbol.value), Term::known(is_string ? Type::string : Type::number),
               initial->span);
  symbol.arity = 0;
  symbol.arity_at = initial->span;
}

bool returns_value(const ast::Stmt& statement) {
  if (const auto* result = std::get_if<ast::Return>(&statement.node))
    if (result->value) return true;
  bool found = false;
  for_each_child(
      statement, [](const ast::Expr&) {},
      [&](const ast::Stmt& child) { found = found || returns_value(child); });
  return found;
}

void Declarer::declare_function(const ast::Function& function) {
  if (is_print(function.name)) {
    reporter_.error("reserved-name", function.span,
                    fmt::format("`{}` is built in and cannot be defined again", function.name));
    return;
  }
  FunctionSymbol symbol;
  symbol.declaration = &function;
  symbol.result = types_.fresh();
  symbol.returns_value =
      function.result != Type::none || (function.body && returns_value(*function.body));
  if (function.result != Type::none)
    types_.unify(Term::of(symbol.result), Term::known(function.result), function.span);
  std::map<std::string_view, Span> names;
  for (const ast::Parameter& parameter : function.parameters) {
    const auto [earlier, added] = names.try_emplace(parameter.name, parameter.span);
    if (!added)
      reporter_
          .error("duplicate-parameter", parameter.span,
                 fmt::format("the parameter `{}` is declared twice", parameter.name))
          .notes.push_back({earlier->second, "it is declared here"});
    const TypeVariable type = types_.fresh();
    symbol.parameters.push_back(type);
    if (parameter.type != Type::none)
      types_.unify(Term::of(type), Term::known(parameter.type), parameter.span);
  }
  same_name_[function.name].push_back(static_cast<std::uint32_t>(symbols_.functions.size()));
  symbols_.functions.push_back(std::move(symbol));
}

// Functions of one arity form one set.
void Declarer::group(std::string_view name, const std::vector<std::uint32_t>& indices) {
  std::map<std::size_t, std::vector<std::uint32_t>> by_arity;
  for (const std::uint32_t index : indices)
    by_arity[symbols_.functions[index].parameters.size()].push_back(index);
  for (auto& [arity, members] : by_arity) {
    std::ranges::stable_sort(members, {}, [this](std::uint32_t index) {
      return symbols_.functions[index].declaration->priority.value_or(0);
    });
    add_set(name, members);
  }
}

void Declarer::add_set(std::string_view name, const std::vector<std::uint32_t>& members) {
  OverloadSet set;
  set.functions = members;
  const FunctionSymbol& first = symbols_.functions[members.front()];
  set.arity = first.parameters.size();
  bool returns = false;
  for (const std::uint32_t index : members)
    returns = returns || symbols_.functions[index].returns_value;
  for (std::size_t i = 0; i < members.size(); ++i) {
    FunctionSymbol& function = symbols_.functions[members[i]];
    function.returns_value = returns;
    if (i + 1 < members.size()) function.overload = members[i + 1];
    const Span where = function.declaration->span;
    bool agree = types_.unify(Term::of(first.result), Term::of(function.result), where);
    for (std::size_t p = 0; p < set.arity; ++p)
      agree =
          types_.unify(Term::of(first.parameters[p]), Term::of(function.parameters[p]), where) &&
          agree;
    if (!agree)
      reporter_
          .error("overload-mismatch", where,
                 fmt::format("this `{}` differs in its types from the one that `next` comes from",
                             name))
          .notes.push_back({first.declaration->span, "the first one is here"});
  }
  symbols_.functions_by_name[name].push_back(std::move(set));
}

std::vector<std::string_view> keys_of(const auto& map) {
  std::vector<std::string_view> names;
  names.reserve(map.size());
  for (const auto& entry : map) names.push_back(entry.first);
  std::ranges::sort(names);
  return names;
}

}  // namespace

bool Symbols::is_offered(std::string_view name) const {
  return std::ranges::find(offered, name) != offered.end();
}

std::vector<std::string_view> Symbols::global_names() const { return keys_of(global_by_name); }
std::vector<std::string_view> Symbols::function_names() const { return keys_of(functions_by_name); }

std::uint32_t declare_library_global(const ast::Global& global, Symbols& symbols,
                                     TypeTable& types) {
  const auto index = static_cast<std::uint32_t>(symbols.globals.size());
  symbols.global_by_name.emplace(global.name, index);
  GlobalSymbol& symbol = symbols.globals.emplace_back();
  symbol.declaration = &global;
  symbol.value = types.fresh();
  symbol.is_written = true;
  symbol.arity = global.initial ? 0 : 1;
  const bool is_number = literal_number(global.initial.get()).has_value();
  types.unify(Term::of(symbol.value), Term::known(is_number ? Type::number : Type::string),
              global.span);
  if (*symbol.arity == 0) return index;
  symbol.keys.push_back(types.fresh());
  types.unify(Term::of(symbol.keys[0]), Term::known(Type::number), global.span);
  return index;
}

Symbols declare_symbols(const ast::Script& script, TypeTable& types, Reporter& reporter) {
  return Declarer(types, reporter).declare(script);
}

}  // namespace socktap::language::semantics
