#include <algorithm>

#include "language/semantics/ast_walk.h"
#include "language/semantics/build.h"
#include "language/semantics/folding.h"
#include "language/semantics/statistic_names.h"

namespace socktap::language::semantics {
namespace {

StmtPtr make(Span span, auto node) {
  auto statement = std::make_unique<Stmt>();
  statement->span = span;
  statement->node = std::move(node);
  return statement;
}

// The body behind the statements that pass on what the loop has set.
StmtPtr after(std::vector<StmtPtr> copies, StmtPtr body, Span span) {
  if (copies.empty()) return body;
  copies.push_back(std::move(body));
  return make(span, Block{std::move(copies)});
}

}  // namespace

StmtPtr TreeBuilder::build_body() {
  std::vector<StmtPtr> bodies;
  for (std::uint32_t i = 0; i < unit_.locals.size(); ++i)
    if (unit_.locals[i].starts_as) bodies.push_back(build_start(i));
  if (bodies.empty() && unit_.bodies.size() == 1) return build(*unit_.bodies[0]);
  for (const ast::Stmt* body : unit_.bodies) bodies.push_back(build(*body));
  const Span span = unit_.bodies.empty() ? unit_.handler->probe->span : unit_.bodies[0]->span;
  return make(span, Block{std::move(bodies)});
}

// local = the event's variable
StmtPtr TreeBuilder::build_start(std::uint32_t local) {
  const LocalSymbol& symbol = unit_.locals[local];
  auto assign = std::make_unique<Expr>();
  assign->type = tapset::row(*symbol.starts_as).type;
  assign->span = symbol.first_seen;
  assign->node = Assign{AssignOp::set, Place{Place::Kind::local, local, {}},
                        build_event_variable(*symbol.starts_as, symbol.first_seen)};
  return make(symbol.first_seen, Evaluate{std::move(assign)});
}

StmtPtr TreeBuilder::build(const ast::Stmt& statement) {
  const Span span = statement.span;
  return std::visit(
      Overloaded{
          [&](const ast::Empty&) { return make(span, Block{}); },
          [&](const ast::Block& s) {
            Block block;
            for (const ast::StmtPtr& child : s.statements)
              if (!std::holds_alternative<ast::Empty>(child->node))
                block.statements.push_back(build(*child));
            return make(span, std::move(block));
          },
          [&](const ast::Evaluate& s) { return build_effect(*s.expression, span); },
          [&](const ast::If& s) { return build_if(s, span); },
          [&](const ast::While& s) {
            ExprPtr condition = build(*s.condition);
            return make(span, Loop{nullptr, std::move(condition), nullptr, build(*s.body)});
          },
          [&](const ast::For& s) {
            Loop loop{build_or_null(s.init), build_or_null(s.condition), build_or_null(s.step),
                      build(*s.body)};
            return make(span, std::move(loop));
          },
          [&](const ast::Foreach& s) { return build_foreach(s, span); },
          [&](const ast::Break&) { return make(span, Break{}); },
          [&](const ast::Continue&) { return make(span, Continue{}); },
          [&](const ast::Next&) { return make(span, Next{}); },
          [&](const ast::Return& s) { return make(span, Return{build_or_null(s.value)}); },
          [&](const ast::Delete& s) { return build_delete(s, span); },
          [&](const ast::Try& s) { return build_try(s, span); },
      },
      statement.node);
}

// `c ? f() : g()`, `c && f()` and `c || f()` as statements are ifs: f may have no value.
StmtPtr TreeBuilder::build_effect(const ast::Expr& expression, Span span) {
  if (const auto* choice = std::get_if<ast::Conditional>(&expression.node)) {
    if (const auto taken = fold(*choice->condition, unit_, symbols_))
      return build_effect(*taken ? *choice->then : *choice->otherwise, span);
    ExprPtr condition = build(*choice->condition);
    StmtPtr then = build_effect(*choice->then, span);
    return make(span,
                If{std::move(condition), std::move(then), build_effect(*choice->otherwise, span)});
  }
  const auto* binary = std::get_if<ast::Binary>(&expression.node);
  const bool is_and = binary != nullptr && binary->op == BinaryOp::logical_and;
  const bool is_or = binary != nullptr && binary->op == BinaryOp::logical_or;
  if (!is_and && !is_or) return make(span, Evaluate{build(expression)});
  if (const auto left = fold(*binary->left, unit_, symbols_))
    return *left == is_and ? build_effect(*binary->right, span) : make(span, Block{});
  ExprPtr left = build(*binary->left);
  StmtPtr right = build_effect(*binary->right, span);
  if (is_and) return make(span, If{std::move(left), std::move(right), nullptr});
  return make(span, If{std::move(left), make(span, Block{}), std::move(right)});
}

StmtPtr TreeBuilder::build_or_null(const ast::StmtPtr& statement) {
  return statement ? build(*statement) : nullptr;
}

StmtPtr TreeBuilder::build_if(const ast::If& statement, Span span) {
  if (const auto taken = fold(*statement.condition, unit_, symbols_)) {
    if (*taken) return build(*statement.then);
    return statement.otherwise ? build(*statement.otherwise) : make(span, Block{});
  }
  If typed{build(*statement.condition), build(*statement.then), build_or_null(statement.otherwise)};
  return make(span, std::move(typed));
}

StmtPtr TreeBuilder::build_foreach(const ast::Foreach& loop, Span span) {
  Foreach typed;
  const auto* histogram = std::get_if<ast::AtOperator>(&loop.container->node);
  std::vector<StmtPtr> copies;
  std::vector<Type> key_types;
  Type value_type = Type::number;
  if (histogram != nullptr) {
    typed.histogram = build_place(*histogram->arguments[0]);
    typed.global = typed.histogram->index;
    key_types = {Type::number};
  } else {
    const auto* slice = std::get_if<ast::Subscript>(&loop.container->node);
    typed.global = global_index(slice != nullptr ? *slice->base : *loop.container);
    if (slice != nullptr) typed.slice = build_all(slice->keys);
    const GlobalSymbol& array = symbols_.globals[typed.global];
    for (const TypeVariable key : array.keys) key_types.push_back(types_.type_or_number(key));
    value_type = types_.type_or_number(array.value);
  }
  for (std::size_t i = 0; i < loop.keys.size(); ++i)
    typed.keys.push_back(target_local(loop.keys[i].name, key_types[i], span, copies));
  if (loop.value) typed.value = target_local(loop.value->name, value_type, span, copies);

  if (loop.direction != ast::Foreach::Direction::none && histogram == nullptr) {
    typed.descending = loop.direction == ast::Foreach::Direction::descending;
    if (loop.sort_by >= 0) {
      typed.sort_by = Foreach::SortBy::key;
      typed.sort_column = static_cast<std::size_t>(loop.sort_by);
    } else if (value_type == Type::stats) {
      typed.sort_by = Foreach::SortBy::statistic;
      typed.sort_function = find_stat_function(loop.sort_function).value_or(StatFunction::count);
    } else {
      typed.sort_by = Foreach::SortBy::value;
    }
  }
  typed.limit = build_or_null(loop.limit);
  typed.body = after(std::move(copies), build(*loop.body), span);
  return make(span, std::move(typed));
}

StmtPtr TreeBuilder::build_delete(const ast::Delete& statement, Span span) {
  Delete typed{build_place(*statement.target), {}};
  for (const ExprPtr& key : typed.target.keys) typed.wildcards.push_back(key == nullptr);
  return make(span, std::move(typed));
}

StmtPtr TreeBuilder::build_try(const ast::Try& statement, Span span) {
  Try typed;
  typed.body = build(*statement.body);
  std::vector<StmtPtr> copies;
  if (statement.message)
    typed.message = target_local(*statement.message, Type::string, statement.message_span, copies);
  StmtPtr handler = statement.handler ? build(*statement.handler) : make(span, Block{});
  typed.handler = after(std::move(copies), std::move(handler), span);
  return make(span, std::move(typed));
}

std::uint32_t TreeBuilder::target_local(std::string_view name, Type type, Span span,
                                        std::vector<StmtPtr>& copies) {
  const Place place = place_of(name);
  if (place.kind == Place::Kind::local) return place.index;
  const auto index = static_cast<std::uint32_t>(unit_.locals.size() + extra_locals_.size());
  extra_locals_.push_back({std::string(name), type});
  auto load = std::make_unique<Expr>();
  load->type = type;
  load->span = span;
  load->node = Load{Place{Place::Kind::local, index, {}}};
  auto assign = std::make_unique<Expr>();
  assign->type = type;
  assign->span = span;
  assign->node = Assign{AssignOp::set, place_of(name), std::move(load)};
  copies.push_back(make(span, Evaluate{std::move(assign)}));
  return index;
}

}  // namespace socktap::language::semantics
