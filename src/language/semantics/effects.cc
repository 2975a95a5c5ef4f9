#include "language/semantics/effects.h"

#include <algorithm>
#include <iterator>

#include "language/semantics/typed_nodes.h"
#include "language/typed_children.h"
#include "language/walk.h"

namespace socktap::language::semantics {
namespace {

bool deletes_global(const Stmt& statement) {
  if (const auto* removal = std::get_if<Delete>(&statement.node)) return !is_local(removal->target);
  bool found = false;
  for_each_statement(statement, [&](const Stmt& child) { found |= deletes_global(child); });
  return found;
}

bool has_next(const Stmt& statement) {
  bool found = std::holds_alternative<Next>(statement.node);
  for_each_statement(statement, [&](const Stmt& child) { found |= has_next(child); });
  return found;
}

}  // namespace

bool has_effect(tapset::Function function) {
  using enum tapset::Function;
  static constexpr tapset::Function with_result[] = {tokenize,
                                                     randint,
                                                     indent,
                                                     indent_depth,
                                                     thread_indent,
                                                     read_stopwatch_s,
                                                     read_stopwatch_ms,
                                                     read_stopwatch_us,
                                                     read_stopwatch_ns,
                                                     thread_indent_depth,
                                                     speculation};
  return tapset::row(function).result == Type::none ||
         std::ranges::find(with_result, function) != std::end(with_result);
}

std::optional<std::uint32_t> falls_through_to(const Function& function) {
  return function.overload && function.body && has_next(*function.body) ? function.overload
                                                                        : std::nullopt;
}

Effects::Effects(const TypedProgram& program) : of_functions_(program.functions.size()) {
  std::vector<std::vector<std::uint32_t>> callers(program.functions.size());
  std::vector<std::uint32_t> found;
  for (std::uint32_t i = 0; i < program.functions.size(); ++i) {
    const StmtPtr& body = program.functions[i].body;
    if (!body) continue;
    if (outside(*body)) found.push_back(i);
    walk(*body, [&](const Expr& each) {
      if (const auto* call = std::get_if<Call>(&each.node)) callers[call->function].push_back(i);
    });
    if (const auto next = falls_through_to(program.functions[i])) callers[*next].push_back(i);
  }
  while (!found.empty()) {
    const std::uint32_t function = found.back();
    found.pop_back();
    if (of_functions_[function]) continue;
    of_functions_[function] = true;
    found.insert(found.end(), callers[function].begin(), callers[function].end());
  }
}

bool Effects::of(const Expr& expression) const {
  bool found = false;
  walk(expression, [&](const Expr& each) {
    found |= std::holds_alternative<Assign>(each.node) ||
             std::holds_alternative<Increment>(each.node) || of_call(each);
  });
  return found;
}

bool Effects::of_call(const Expr& expression) const {
  if (const auto* call = std::get_if<Call>(&expression.node)) return of_functions_[call->function];
  if (const auto* call = std::get_if<LibraryCall>(&expression.node))
    return has_effect(call->function);
  const auto* print = std::get_if<Print>(&expression.node);
  return print != nullptr && !print->to_string;
}

// By itself, where it is not yet known which of the functions that it calls do.
bool Effects::outside(const Stmt& body) const {
  bool found = deletes_global(body);
  walk(body, [&](const Expr& each) {
    if (const auto* assign = std::get_if<Assign>(&each.node)) found |= !is_local(assign->target);
    if (const auto* step = std::get_if<Increment>(&each.node)) found |= !is_local(step->target);
    found |= of_call(each);
  });
  return found;
}

void Effects::update(const TypedProgram& program, std::uint32_t function) {
  if (!of_functions_[function]) return;
  of_functions_[function] = false;  // a call of itself adds nothing
  const StmtPtr& body = program.functions[function].body;
  const auto next = falls_through_to(program.functions[function]);
  of_functions_[function] = (body && outside(*body)) || (next && of_functions_[*next]);
}

}  // namespace socktap::language::semantics
