// Calls: of the library, and of the script's own functions with their overloads.
#include <fmt/format.h>

#include <algorithm>

#include "language/semantics/inference.h"
#include "language/semantics/refusals.h"
#include "tapset/functions.h"

namespace socktap::language::semantics {
namespace {

std::string counted(std::size_t count) {
  return fmt::format("{} argument{}", count, count == 1 ? "" : "s");
}

const OverloadSet* find_set(const std::vector<OverloadSet>& sets, std::size_t arguments) {
  const auto found = std::ranges::find(sets, arguments, &OverloadSet::arity);
  return found == sets.end() ? nullptr : &*found;
}

}  // namespace

Term Inference::infer_call(const ast::Expr& expression, const ast::Call& call, Use use) {
  if (const PrintForm* form = find_print(call.function))
    return infer_print(call, *form, use, expression.span);
  std::vector<Term> arguments;
  for (const ast::ExprPtr& argument : call.arguments) arguments.push_back(infer(*argument));

  const auto own = symbols_.functions_by_name.find(call.function);
  const tapset::FunctionRow* library = tapset::find_function(call.function);
  const bool own_fits =
      own != symbols_.functions_by_name.end() && find_set(own->second, arguments.size()) != nullptr;
  if (own_fits || (own != symbols_.functions_by_name.end() && library == nullptr))
    return infer_user_call(expression, call, arguments, use);
  if (library != nullptr)
    return infer_library_call(call, *library, arguments, use, expression.span);
  return report_unknown_function(call);
}

Term Inference::report_unknown_function(const ast::Call& call) {
  if (const Refusal* refusal = find_refused_function(call.function)) {
    reporter_.error_once("unsupported-function", call.name_span,
                         fmt::format("`{}` is not supported: {}", call.function, refusal->reason),
                         std::string(refusal->hint));
    return Term::wrong();
  }
  const auto hint = [&] {
    std::vector<std::string_view> names = symbols_.function_names();
    for (const tapset::FunctionRow& function : tapset::functions()) names.push_back(function.name);
    for (const PrintForm& form : print_forms) names.push_back(form.name);
    return did_you_mean(call.function, names);
  };
  reporter_.error_once("unknown-function", call.name_span,
                       fmt::format("unknown function `{}`", call.function), hint);
  return Term::wrong();
}

Term Inference::report_argument_count(const ast::Call& call, std::size_t least, std::size_t most) {
  const std::string takes =
      least == most ? counted(most) : fmt::format("{} to {}", least, counted(most));
  reporter_.error(
      "wrong-argument-count", call.name_span,
      fmt::format("`{}` takes {}, not {}", call.function, takes, call.arguments.size()));
  return Term::wrong();
}

Term Inference::infer_library_call(const ast::Call& call, const tapset::FunctionRow& function,
                                   const std::vector<Term>& arguments, Use use, Span span) {
  const std::size_t least = function.min_arguments();
  const std::size_t most = function.max_arguments();
  if (arguments.size() < least || arguments.size() > most)
    return report_argument_count(call, least, most);
  for (std::size_t i = 0; i < arguments.size(); ++i)
    require(arguments[i], *call.arguments[i], function.parameter(i),
            fmt::format("argument {} of {}()", i + 1, call.function));
  if (function.result != Type::none) return Term::known(function.result);
  if (use == Use::value)
    reporter_.error("no-value", span, fmt::format("`{}` returns no value", call.function));
  return Term::wrong();
}

// The number of arguments tells overloads apart; those of one number are tried one after another.
Term Inference::infer_user_call(const ast::Expr& expression, const ast::Call& call,
                                const std::vector<Term>& arguments, Use use) {
  const std::vector<OverloadSet>& sets = symbols_.functions_by_name.at(call.function);
  const OverloadSet* set = find_set(sets, arguments.size());
  if (set == nullptr) return report_unfit_call(call, sets);
  for (const std::uint32_t function : set->functions) enter_call(function, call);
  unit_->calls.emplace(&expression, set->functions[0]);
  if (use == Use::value) ask_for_value(expression.span, *set);
  const FunctionSymbol& function = symbols_.functions[set->functions[0]];
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const ast::Expr& argument = *call.arguments[i];
    const Term parameter = Term::of(function.parameters[i]);
    if (types_.unify(parameter, arguments[i], argument.span)) continue;
    conflict(argument.span,
             fmt::format("argument {} of {}() is {}, but {} is {}", i + 1, call.function,
                         with_article(types_.type_of(parameter)), describe(argument),
                         with_article(types_.type_of(arguments[i]))),
             {{arguments[i], describe(argument)},
              {parameter, fmt::format("`{}`", function.declaration->parameters[i].name)}})
        .hint = conversion_hint(types_.type_of(arguments[i]), types_.type_of(parameter));
  }
  return Term::of(function.result);
}

// What the functions do is checked all the same; what they are given is not known.
Term Inference::report_unfit_call(const ast::Call& call, const std::vector<OverloadSet>& sets) {
  for (const OverloadSet& set : sets) {
    for (const std::uint32_t function : set.functions) {
      enter_call(function, call);
      for (const TypeVariable parameter : symbols_.functions[function].parameters)
        types_.mark_wrong(Term::of(parameter));
    }
  }
  return report_argument_count(call, sets.front().arity, sets.front().arity);
}

// Notes that the function runs, from here.
void Inference::enter_call(std::uint32_t function, const ast::Call& call) {
  FunctionSymbol& symbol = symbols_.functions[function];
  if (!symbol.is_called) {
    symbol.is_called = true;
    called_.push_back(function);
  }
  if (unit_->function) symbols_.functions[*unit_->function].callees.push_back(function);
  for (const IteratedGlobal& iterated : iterated_)
    calls_while_iterating_.push_back({function, call.name_span, iterated});
}

// A function that never returns one has the value that all have before they return.
void Inference::ask_for_value(Span span, const OverloadSet& set) {
  const FunctionSymbol& first = symbols_.functions[set.functions[0]];
  if (first.returns_value) return;
  reporter_
      .warning("no-value", span,
               fmt::format("`{}` returns no value: it reads 0 or \"\"", first.declaration->name))
      .notes.push_back({first.declaration->span, "it has no `return` with a value"});
  for (const std::uint32_t function : set.functions)
    symbols_.functions[function].returns_value = true;
}

void Inference::infer_called_functions() {
  for (std::size_t i = 0; i < called_.size(); ++i) {
    const std::uint32_t index = called_[i];
    const ast::Function& declaration = *symbols_.functions[index].declaration;
    if (!declaration.body) {
      reporter_.error(
          "embedded-c", declaration.span,
          fmt::format("`{}` is written in C, for a kernel module that is never built here",
                      declaration.name),
          "write it in the script's own language");
      types_.mark_wrong(Term::of(symbols_.functions[index].result));
      continue;
    }
    Unit& unit = functions_.emplace_back();
    unit.function = index;
    unit.bodies.push_back(declaration.body.get());
    infer_unit(unit);
  }
}

}  // namespace socktap::language::semantics
