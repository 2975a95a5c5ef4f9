// Conflicts of types: how they are told.
#include <fmt/format.h>

#include "language/semantics/ast_walk.h"
#include "language/semantics/inference.h"

namespace socktap::language::semantics {

std::string describe(const ast::Expr& expression) {
  return std::visit(
      Overloaded{
          [](const ast::Name& e) { return fmt::format("`{}`", e.text); },
          [](const ast::Subscript& e) {
            const auto* name = e.base ? std::get_if<ast::Name>(&e.base->node) : nullptr;
            return name != nullptr ? fmt::format("`{}[...]`", name->text) : std::string("this");
          },
          [](const ast::Call& e) { return fmt::format("`{}()`", e.function); },
          [](const ast::AtOperator& e) { return fmt::format("`{}()`", e.name); },
          [](const auto&) { return std::string("this"); },
      },
      expression.node);
}

std::string_view with_article(Type type) {
  switch (type) {
    case Type::number:
      return "a long";
    case Type::string:
      return "a string";
    case Type::stats:
      return "a statistic";
    case Type::none:
      break;
  }
  return "nothing";
}

std::string_view conversion_hint(Type have, Type wanted) {
  if (have == Type::number && wanted == Type::string) return "sprint(n) makes a string of a number";
  if (have == Type::string && wanted == Type::number)
    return "strtol(s, 10) makes a number of a string";
  if (have == Type::stats)
    return "take a number out of a statistic by @count, @sum, @min, @max or @avg";
  return "";
}

void Inference::require(const ast::Expr& expression, Type wanted, std::string_view why) {
  require(infer(expression), expression, wanted, why);
}

void Inference::require(Term term, const ast::Expr& expression, Type wanted, std::string_view why) {
  if (types_.unify(term, Term::known(wanted), expression.span)) return;
  const Type have = types_.type_of(term);
  conflict(expression.span,
           fmt::format("{} is {}, but {} needs {}", describe(expression), with_article(have), why,
                       with_article(wanted)),
           {{term, describe(expression)}})
      .hint = conversion_hint(have, wanted);
}

Diagnostic& Inference::conflict(Span span, std::string message, std::initializer_list<Side> sides) {
  Diagnostic& error = reporter_.error("type-mismatch", span, std::move(message));
  for (const Side& side : sides) {
    if (!side.term.is_variable() || types_.decided_at(side.term.variable) == span) continue;
    error.notes.push_back({types_.decided_at(side.term.variable),
                           fmt::format("{} is {} because of this", side.what,
                                       with_article(types_.type_of(side.term)))});
  }
  for (const Side& side : sides) types_.mark_wrong(side.term);
  return error;
}

}  // namespace socktap::language::semantics
