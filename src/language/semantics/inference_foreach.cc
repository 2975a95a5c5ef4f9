// foreach, and the rule that what it iterates stays as it is.
#include <fmt/format.h>

#include <unordered_map>

#include "language/semantics/inference.h"
#include "language/semantics/statistic_names.h"

namespace socktap::language::semantics {

void Inference::infer_foreach(const ast::Foreach& loop) {
  if (loop.limit) require(*loop.limit, Type::number, "limit");
  const std::size_t iterated = iterated_.size();
  if (const auto* histogram = std::get_if<ast::AtOperator>(&loop.container->node))
    infer_foreach_histogram(loop, *histogram, loop.container->span);
  else
    infer_foreach_array(loop);
  infer(*loop.body);
  iterated_.resize(iterated);
}

void Inference::infer_foreach_histogram(const ast::Foreach& loop, const ast::AtOperator& histogram,
                                        Span span) {
  if (is_histogram(histogram.name)) {
    if (const auto global = infer_histogram(histogram, span)) iterated_.push_back({*global, span});
  } else {
    reporter_.error("not-an-array", span, fmt::format("{} cannot be iterated", histogram.name));
  }
  if (loop.keys.size() != 1)
    reporter_.error("arity-mismatch", span, "a histogram has one key: the bucket");
  // An order may be asked for, and changes nothing: buckets come in their own.
  const auto number = [&](const ast::Foreach::Binding& binding) {
    const Term term = bind_target(binding.name, binding.span);
    if (!types_.unify(term, Term::known(Type::number), binding.span))
      conflict(binding.span,
               fmt::format("`{}` is {}, but a bucket is a long", binding.name,
                           with_article(types_.type_of(term))),
               {{term, fmt::format("`{}`", binding.name)}});
  };
  for (const ast::Foreach::Binding& key : loop.keys) number(key);
  if (loop.value) number(*loop.value);
}

void Inference::infer_foreach_array(const ast::Foreach& loop) {
  const ast::Expr& container = *loop.container;
  const auto* slice = std::get_if<ast::Subscript>(&container.node);
  const ast::Expr& base = slice != nullptr ? *slice->base : container;
  const auto* name = std::get_if<ast::Name>(&base.node);
  std::optional<std::uint32_t> global;
  if (name != nullptr)
    global = find_global(name->text, base.span, true);
  else
    reporter_.error("not-an-array", base.span, "only a global array can be iterated");
  std::vector<Term> keys;
  for (const ast::Foreach::Binding& key : loop.keys)
    keys.push_back(bind_target(key.name, key.span));
  Term value = Term::wrong();
  if (loop.value) value = bind_target(loop.value->name, loop.value->span);
  if (!global) {
    for (const Term key : keys) types_.mark_wrong(key);
    types_.mark_wrong(value);
    return;
  }
  note_access(*global, base.span, Access::extract);
  if (slice != nullptr) infer_keys(*global, slice->keys, container.span);
  GlobalSymbol& symbol = symbols_.globals[*global];
  const bool fits = set_arity(*global, keys.size(), base.span);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (!fits) {
      types_.mark_wrong(keys[i]);
    } else if (!types_.unify(keys[i], Term::of(symbol.keys[i]), loop.keys[i].span)) {
      conflict(loop.keys[i].span,
               fmt::format("`{}` is {}, but key {} of `{}` is {}", loop.keys[i].name,
                           with_article(types_.type_of(keys[i])), i + 1, name->text,
                           with_article(types_.type_of(Term::of(symbol.keys[i])))),
               {{keys[i], fmt::format("`{}`", loop.keys[i].name)},
                {Term::of(symbol.keys[i]), "the key"}});
    }
  }
  if (loop.value) {
    value_uses_.push_back({*global, loop.value->span, false});
    if (!types_.unify(value, Term::of(symbol.value), loop.value->span))
      conflict(
          loop.value->span,
          fmt::format("`{}` is {}, but the values of `{}` are {}s", loop.value->name,
                      with_article(types_.type_of(value)), name->text,
                      with_article(types_.type_of(Term::of(symbol.value))).substr(2)),
          {{value, fmt::format("`{}`", loop.value->name)}, {Term::of(symbol.value), "the value"}});
  }
  check_sort(loop, *global);
  iterated_.push_back({*global, base.span});
}

void Inference::check_sort(const ast::Foreach& loop, std::uint32_t global) {
  if (loop.sort_function.empty()) return;
  GlobalSymbol& symbol = symbols_.globals[global];
  const Term value = Term::of(symbol.value);
  if (!types_.unify(value, Term::known(Type::stats), loop.container->span))
    conflict(loop.container->span,
             fmt::format("sorting by {} needs statistics, but the values of `{}` are not",
                         loop.sort_function, symbol.declaration->name),
             {{value, "the value"}});
  if (*find_stat_function(loop.sort_function) == StatFunction::variance && !symbol.variance_shift)
    symbol.variance_shift = 0;
}

// A function that is called inside a loop may modify the loop's array too, by itself or by what it
// calls. For each array that is iterated around a call: the functions that modify it, found
// backwards through the call graph.
void Inference::check_calls_while_iterating() {
  if (calls_while_iterating_.empty()) return;
  std::vector<std::vector<std::uint32_t>> callers(symbols_.functions.size());
  std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> modifiers;
  for (std::uint32_t i = 0; i < symbols_.functions.size(); ++i) {
    for (const std::uint32_t callee : symbols_.functions[i].callees) callers[callee].push_back(i);
    for (const std::uint32_t global : symbols_.functions[i].modified_globals)
      modifiers[global].push_back(i);
  }
  std::unordered_map<std::uint32_t, std::vector<bool>> modifying;
  for (const CallWhileIterating& call : calls_while_iterating_) {
    const std::uint32_t global = call.iterated.global;
    if (!modifiers.contains(global)) continue;
    std::vector<bool>& found = modifying[global];
    if (found.empty()) {
      found.resize(symbols_.functions.size(), false);
      std::vector<std::uint32_t> work = modifiers[global];
      while (!work.empty()) {
        const std::uint32_t function = work.back();
        work.pop_back();
        if (found[function]) continue;
        found[function] = true;
        work.insert(work.end(), callers[function].begin(), callers[function].end());
      }
    }
    if (!found[call.function]) continue;
    reporter_
        .error("modified-while-iterated", call.span,
               fmt::format("`{}` modifies `{}` while foreach iterates it",
                           symbols_.functions[call.function].declaration->name,
                           symbols_.globals[global].declaration->name),
               "collect the changes and make them after the loop")
        .notes.push_back({call.iterated.span, "the loop is here"});
  }
}

// A statistic has no value of its own; whether a global is one may be known only at the end.
void Inference::check_statistics_as_values() {
  for (const ValueUse& use : value_uses_) {
    const GlobalSymbol& symbol = symbols_.globals[use.global];
    const Term value = Term::of(symbol.value);
    if (types_.is_wrong(value) || types_.type_of(value) != Type::stats) continue;
    const std::string& name = symbol.declaration->name;
    Diagnostic& error =
        use.is_set
            ? reporter_.error(
                  "statistic-as-value", use.span,
                  fmt::format("`{}` is a statistic: nothing can be assigned to it", name),
                  fmt::format("`{} <<< n` adds a number, `delete {}` empties it", name, name))
            : reporter_.error("statistic-as-value", use.span,
                              fmt::format("`{}` is a statistic and has no value of its own", name),
                              "take a number out of it by @count, @sum, @min, @max or @avg");
    error.notes.push_back({types_.decided_at(symbol.value), "it is a statistic because of this"});
  }
}

}  // namespace socktap::language::semantics
