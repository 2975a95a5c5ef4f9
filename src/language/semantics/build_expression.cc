#include "language/semantics/ast_walk.h"
#include "language/semantics/build.h"
#include "language/semantics/folding.h"
#include "language/semantics/point_name.h"
#include "language/semantics/print_family.h"
#include "language/semantics/statistic_names.h"
#include "language/semantics/typed_nodes.h"

namespace socktap::language::semantics {
namespace {

// print(@hist_log(s)) ends a line itself, println(@hist_log(s)) no further one.
bool is_histogram_alone(const ast::Call& call) {
  if (call.arguments.size() != 1) return false;
  const auto* op = std::get_if<ast::AtOperator>(&call.arguments[0]->node);
  return op != nullptr && is_histogram(op->name);
}

}  // namespace

ExprPtr TreeBuilder::build(const ast::Expr& expression) {
  const Span span = expression.span;
  return std::visit(
      Overloaded{
          [&](const ast::Number& e) { return make_number(e.value, span); },
          [&](const ast::String& e) {
            return make_expression(Type::string, span, StringLiteral{e.value});
          },
          [&](const ast::Name& e) { return build_name(e.text, span); },
          [&](const ast::Subscript& e) { return build_subscript(e, span); },
          [&](const ast::Unary& e) {
            if (const auto known = fold(expression, unit_, symbols_))
              return make_number(*known ? 1 : 0, span);
            if (const auto literal = literal_number(&expression))
              return make_number(*literal, span);
            return make_expression(Type::number, span, Unary{e.op, build(*e.operand)});
          },
          [&](const ast::Binary& e) { return build_binary(e, span); },
          [&](const ast::Conditional& e) { return build_conditional(e, span); },
          [&](const ast::Assign& e) { return build_assign(e, span); },
          [&](const ast::Increment& e) {
            return make_expression(Type::number, span,
                                   Increment{build_place(*e.target), e.delta, e.prefix});
          },
          [&](const ast::In& e) {
            return make_expression(
                Type::number, span,
                Contains{symbols_.global_by_name.at(e.array), build_all(e.keys)});
          },
          [&](const ast::Match& e) {
            return make_expression(Type::number, span,
                                   Match{build(*e.subject), e.pattern, e.negated});
          },
          [&](const ast::Call& e) { return build_call(expression, e); },
          [&](const ast::AtOperator& e) { return build_operator(e, span); },
          [](const auto&) -> ExprPtr { return nullptr; },  // refused before
      },
      expression.node);
}

ExprPtr TreeBuilder::build_or_null(const ast::ExprPtr& expression) {
  return expression ? build(*expression) : nullptr;
}

std::vector<ExprPtr> TreeBuilder::build_all(const std::vector<ast::ExprPtr>& expressions) {
  std::vector<ExprPtr> built;
  built.reserve(expressions.size());
  for (const ast::ExprPtr& expression : expressions) built.push_back(build_or_null(expression));
  return built;
}

ExprPtr TreeBuilder::build_name(std::string_view name, Span span) {
  const Binding& binding = unit_.binding(name);
  if (const auto* event = std::get_if<EventBinding>(&binding))
    return build_event_variable(event->variable, span);
  const auto* local = std::get_if<LocalBinding>(&binding);
  if (local != nullptr && in_condition_)
    return build_event_variable(*unit_.locals[local->index].starts_as, span);
  Place place = place_of(name);
  const Type type = type_of(place);
  return make_expression(type, span, Load{std::move(place)});
}

ExprPtr TreeBuilder::build_event_variable(tapset::Variable variable, Span span) {
  return make_expression(tapset::row(variable).type, span, EventVariable{variable});
}

// A side that @defined has decided is not there: it has not been checked.
ExprPtr TreeBuilder::build_binary(const ast::Binary& binary, Span span) {
  const bool lazy =
      binary.op == ast::BinaryOp::logical_and || binary.op == ast::BinaryOp::logical_or;
  if (lazy) {
    const auto left = fold(*binary.left, unit_, symbols_);
    if (left && *left == (binary.op == ast::BinaryOp::logical_or)) return make_number(*left, span);
  }
  const Type type = binary.op == ast::BinaryOp::concatenate ? Type::string : Type::number;
  ExprPtr left = build(*binary.left);
  ExprPtr right = build(*binary.right);
  return make_expression(type, span, Binary{binary.op, std::move(left), std::move(right)});
}

ExprPtr TreeBuilder::build_conditional(const ast::Conditional& conditional, Span span) {
  if (const auto taken = fold(*conditional.condition, unit_, symbols_))
    return build(*taken ? *conditional.then : *conditional.otherwise);
  ExprPtr condition = build(*conditional.condition);
  ExprPtr then = build(*conditional.then);
  ExprPtr otherwise = build(*conditional.otherwise);
  const Type type = then->type;
  return make_expression(type, span,
                         Conditional{std::move(condition), std::move(then), std::move(otherwise)});
}

ExprPtr TreeBuilder::build_assign(const ast::Assign& assign, Span span) {
  Place target = build_place(*assign.target);
  const Type type = assign.op == ast::AssignOp::accumulate ? Type::number : type_of(target);
  return make_expression(type, span, Assign{assign.op, std::move(target), build(*assign.value)});
}

ExprPtr TreeBuilder::build_subscript(const ast::Subscript& subscript, Span span) {
  if (const auto* histogram = std::get_if<ast::AtOperator>(&subscript.base->node))
    return make_expression(
        Type::number, span,
        Bucket{build_place(*histogram->arguments[0]), build(*subscript.keys[0])});
  Place place{Place::Kind::global, global_index(*subscript.base), build_all(subscript.keys)};
  const Type type = type_of(place);
  return make_expression(type, span, Load{std::move(place)});
}

ExprPtr TreeBuilder::build_call(const ast::Expr& expression, const ast::Call& call) {
  if (is_print(call.function)) return build_print(call, expression.span);
  const auto chosen = unit_.calls.find(&expression);
  if (chosen == unit_.calls.end()) {
    const tapset::FunctionRow& row = *tapset::find_function(call.function);
    return make_expression(row.result, expression.span,
                           LibraryCall{row.id, build_all(call.arguments)});
  }
  const FunctionSymbol& function = symbols_.functions[chosen->second];
  Call typed{function_index_[chosen->second], build_all(call.arguments)};
  const Type type = function.returns_value ? types_.type_or_number(function.result) : Type::none;
  return make_expression(type, expression.span, std::move(typed));
}

ExprPtr TreeBuilder::build_print(const ast::Call& call, Span span) {
  const PrintForm& form = *find_print(call.function);
  Print print;
  print.to_string = form.to_string;
  print.newline = form.newline && !is_histogram_alone(call);
  std::size_t first = 0;
  if (form.has_format) print.format = std::get<ast::String>(call.arguments[first++]->node).value;
  if (form.has_delimiter) print.delimiter = build(*call.arguments[first++]);
  for (std::size_t i = first; i < call.arguments.size(); ++i) {
    const ast::Expr& argument = *call.arguments[i];
    const auto* op = std::get_if<ast::AtOperator>(&argument.node);
    if (op != nullptr && is_histogram(op->name))
      print.arguments.push_back(make_expression(Type::none, argument.span,
                                                HistogramText{build_place(*op->arguments[0])}));
    else
      print.arguments.push_back(build(argument));
  }
  return make_expression(form.to_string ? Type::string : Type::none, span, std::move(print));
}

ExprPtr TreeBuilder::build_operator(const ast::AtOperator& op, Span span) {
  if (const auto function = find_stat_function(op.name)) {
    Extract extract{*function, build_place(*op.arguments[0]), 0};
    if (*function == StatFunction::variance)
      extract.shift = symbols_.globals[extract.statistic.index].variance_shift.value_or(0);
    return make_expression(Type::number, span, std::move(extract));
  }
  const auto entry = symbols_.entry_values.find(&op);
  if (entry != symbols_.entry_values.end()) return build(*entry->second);
  const ast::Expr& argument = *op.arguments[0];
  const bool answer = op.name == "@defined" ? is_defined(argument, unit_, symbols_)
                                            : fold_probewrite(argument, unit_);
  return make_number(answer ? 1 : 0, span);
}

}  // namespace socktap::language::semantics
