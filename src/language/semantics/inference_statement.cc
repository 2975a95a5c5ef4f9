// Statements.
#include <fmt/format.h>

#include "language/semantics/ast_walk.h"
#include "language/semantics/folding.h"
#include "language/semantics/inference.h"

namespace socktap::language::semantics {
namespace {

// Whether evaluating it does anything but make a value.
bool has_effect(const ast::Expr& expression) {
  if (std::holds_alternative<ast::Assign>(expression.node) ||
      std::holds_alternative<ast::Increment>(expression.node) ||
      std::holds_alternative<ast::Call>(expression.node))
    return true;
  bool found = false;
  for_each_child(expression, [&](const ast::Expr& child) { found = found || has_effect(child); });
  return found;
}

}  // namespace

void Inference::infer_handler(const HandlerDraft& draft) {
  infer_unit(handlers_.emplace_back(open_unit(draft)));
}

void Inference::infer_unit(Unit& unit) {
  unit_ = &unit;
  iterated_.clear();
  if (unit.function) {
    const FunctionSymbol& function = symbols_.functions[*unit.function];
    for (std::size_t i = 0; i < function.parameters.size(); ++i) {
      const ast::Parameter& parameter = function.declaration->parameters[i];
      unit.bindings.try_emplace(parameter.name,
                                LocalBinding{static_cast<std::uint32_t>(unit.locals.size())});
      unit.locals.push_back(
          {parameter.name, function.parameters[i], parameter.span, std::nullopt, true});
    }
  } else {
    for (const ast::Expr* condition : unit.handler->conditions)
      infer_condition_of_probe(*condition);
  }
  for (const ast::Stmt* body : unit.bodies) infer(*body);
  unit_ = nullptr;
}

void Inference::infer_condition_of_probe(const ast::Expr& condition) {
  in_condition_ = true;
  require(condition, Type::number, "a probe's condition");
  in_condition_ = false;
}

void Inference::infer(const ast::Stmt& statement) {
  std::visit(
      Overloaded{
          [&](const ast::Block& s) {
            for (const ast::StmtPtr& child : s.statements) infer(*child);
          },
          [&](const ast::Evaluate& s) { infer_evaluate(s); },
          [&](const ast::If& s) { infer_if(s); },
          [&](const ast::While& s) {
            require(*s.condition, Type::number, "the condition of while");
            infer(*s.body);
          },
          [&](const ast::For& s) {
            infer_part_of_for(s.init);
            if (s.condition) require(*s.condition, Type::number, "the condition of for");
            infer_part_of_for(s.step);
            infer(*s.body);
          },
          [&](const ast::Foreach& s) { infer_foreach(s); },
          [&](const ast::Return& s) { infer_return(s); },
          [&](const ast::Delete& s) { infer_delete(s); }, [&](const ast::Try& s) { infer_try(s); },
          [](const auto&) {},  // empty, break, continue, next
      },
      statement.node);
}

void Inference::infer_evaluate(const ast::Evaluate& statement) {
  infer(*statement.expression, Use::statement);
  if (!has_effect(*statement.expression))
    reporter_.warning("no-effect", statement.expression->span, "this has no effect");
}

// Behind ?:, && and || the parts of a for must have values, unlike those of a statement.
void Inference::infer_part_of_for(const ast::ExprPtr& part) {
  if (!part) return;
  const bool branches = std::holds_alternative<ast::Conditional>(part->node) ||
                        std::holds_alternative<ast::Binary>(part->node);
  infer(*part, branches ? Use::value : Use::statement);
}

void Inference::infer_if(const ast::If& statement) {
  if (const auto taken = fold(*statement.condition, *unit_, symbols_)) {
    if (*taken)
      infer(*statement.then);
    else if (statement.otherwise)
      infer(*statement.otherwise);
    return;
  }
  require(*statement.condition, Type::number, "the condition of if");
  infer(*statement.then);
  if (statement.otherwise) infer(*statement.otherwise);
}

void Inference::infer_return(const ast::Return& statement) {
  if (!statement.value || !unit_->function) return;
  const FunctionSymbol& function = symbols_.functions[*unit_->function];
  const Term result = Term::of(function.result);
  const Term value = infer(*statement.value);
  if (types_.unify(result, value, statement.value->span)) return;
  conflict(statement.value->span,
           fmt::format("`{}` returns {} elsewhere, but {} here", function.declaration->name,
                       with_article(types_.type_of(result)), with_article(types_.type_of(value))),
           {{value, describe(*statement.value)},
            {result, fmt::format("what `{}` returns", function.declaration->name)}});
}

void Inference::infer_delete(const ast::Delete& statement) {
  const ast::Expr& target = *statement.target;
  const auto* name = std::get_if<ast::Name>(&target.node);
  if (name == nullptr) {
    infer_place(target, Access::clear);
    return;
  }
  // A whole array may go, so this says nothing about keys.
  const Binding binding = bind(name->text, target.span);
  if (const auto* global = std::get_if<GlobalBinding>(&binding))
    note_access(global->index, target.span, Access::clear);
  else
    infer_place(target, Access::clear);
  note_set(name->text);
}

// The variable that foreach or catch fills; its type.
Term Inference::bind_target(std::string_view name, Span span) {
  const Term term = infer_name(name, span, Access::write);
  note_set(name);
  return term;
}

void Inference::infer_try(const ast::Try& statement) {
  infer(*statement.body);
  if (statement.message) {
    const Term message = bind_target(*statement.message, statement.message_span);
    if (!types_.unify(message, Term::known(Type::string), statement.message_span))
      conflict(statement.message_span,
               fmt::format("`{}` is {}, but an error's message is a string", *statement.message,
                           with_article(types_.type_of(message))),
               {{message, fmt::format("`{}`", *statement.message)}});
  }
  if (statement.handler) infer(*statement.handler);
}

}  // namespace socktap::language::semantics
