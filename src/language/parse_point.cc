// Probe points. Braces are expanded while reading: socket.{send,receive}.return is two points, in
// product order. A component's words may be glued of names and stars: sys**open, s*, *_return.
#include <fmt/format.h>

#include <algorithm>

#include "language/literal.h"
#include "language/parser.h"

namespace socktap::language {
namespace {

// Braces multiply: {a,b}.{c,d}.{e,f}... reaches any number of points in a short text, and a script
// has many of these. Points without braces are as long as their text.
constexpr std::size_t max_components = 65536;

// Arguments of components are literals.
ast::ExprPtr clone_literal(const ast::ExprPtr& literal) {
  if (!literal) return nullptr;
  auto copy = std::make_unique<ast::Expr>();
  copy->span = literal->span;
  if (const auto* number = std::get_if<ast::Number>(&literal->node)) copy->node = *number;
  if (const auto* string = std::get_if<ast::String>(&literal->node)) copy->node = *string;
  return copy;
}

ast::Point clone_point(const ast::Point& point) {
  ast::Point copy;
  copy.span = point.span;
  copy.optional = point.optional;
  copy.sufficient = point.sufficient;
  copy.condition = point.condition;
  copy.components.reserve(point.components.size());
  for (const ast::PointComponent& component : point.components) {
    copy.components.push_back({component.span, component.name, clone_literal(component.argument)});
  }
  return copy;
}

}  // namespace

// Whether the `{` here is a handler's that lacks its points, not a group of alternatives.
bool Parser::at_body_without_points() const {
  if (!at(TokenKind::left_brace)) return false;
  int open = 0;
  std::size_t ahead = 0;
  do {
    const TokenKind kind = peek(ahead++).kind;
    if (kind == TokenKind::end_of_script) return true;
    open += kind == TokenKind::left_brace ? 1 : kind == TokenKind::right_brace ? -1 : 0;
  } while (open > 0);
  switch (peek(ahead).kind) {
    case TokenKind::dot:
    case TokenKind::comma:
    case TokenKind::question:
    case TokenKind::exclamation:
    case TokenKind::kw_if:
    case TokenKind::left_brace:
    case TokenKind::assign:
    case TokenKind::plus_assign:
      return false;
    default:
      return true;
  }
}

std::vector<ast::Point> Parser::points() {
  if (at_body_without_points()) {
    fail_expected("expected-probe-point", "a probe point", "as in: probe begin { ... }");
  }
  std::vector<ast::Point> all;
  do {
    Paths expanded = paths();
    point_marks(expanded);
    for (Path& path : expanded) all.push_back(std::move(path.point));
  } while (accept(TokenKind::comma));
  return all;
}

Parser::Paths Parser::paths() {
  const Nesting nesting(*this);
  const std::size_t first = position_;
  Paths all(1);
  do {
    if (std::any_of(all.begin(), all.end(), [](const Path& path) { return path.ended; })) {
      fail("bad-point-mark", peek().span, "only the last component can carry `?`, `!` or `if`");
    }
    Paths next;
    if (at(TokenKind::left_brace)) {
      next = brace_group();
    } else {
      next.push_back(component());
    }
    if (failed_) break;
    all = product(std::move(all), next);
  } while (accept(TokenKind::dot));
  for (Path& path : all) path.point.span = span_from(first);
  return all;
}

Parser::Paths Parser::brace_group() {
  const Token open = take();
  Paths all;
  do {
    Paths alternative = paths();
    point_marks(alternative);
    for (Path& path : alternative) all.push_back(std::move(path));
  } while (accept(TokenKind::comma));
  expect_close(TokenKind::right_brace, open);
  return all;
}

bool Parser::count_components(std::size_t added, Span span) {
  components_ += added;
  if (components_ <= max_components) return true;
  position_ = tokens_.size();  // later points would be refused for these
  fail("too-many-points", span,
       fmt::format("braces make more than {} components of probe points", max_components));
  return false;
}

// Every path of `left` followed by every path of `right`.
Parser::Paths Parser::product(Paths left, const Paths& right) {
  std::size_t length = 0;
  for (const Path& path : right) length += path.point.components.size();
  const std::size_t copied = right.size() > 1 ? left.front().point.components.size() : 0;
  const bool is_plain = left.size() == 1 && right.size() == 1;
  if (!is_plain && !count_components(left.size() * (length + copied * right.size()), peek().span))
    return left;

  Paths all;
  all.reserve(left.size() * right.size());
  for (Path& head : left) {
    if (head.ended) {
      fail("bad-point-mark", head.point.span, "only the last component can carry `?`, `!` or `if`");
    }
    for (const Path& tail : right) {
      const bool last = &tail == &right.back();
      Path joined{last ? std::move(head.point) : clone_point(head.point), tail.ended};
      ast::Point end = clone_point(tail.point);
      std::move(end.components.begin(), end.components.end(),
                std::back_inserter(joined.point.components));
      joined.point.optional = end.optional;
      joined.point.sufficient = end.sufficient;
      joined.point.condition = end.condition;
      all.push_back(std::move(joined));
    }
  }
  return all;
}

Parser::Path Parser::component() {
  const std::size_t first = position_;
  ast::PointComponent component;
  component.name = component_name();
  if (at(TokenKind::left_paren)) {
    const Token open = take();
    component.argument = literal("as the argument of a probe point");
    expect_close(TokenKind::right_paren, open);
  }
  component.span = span_from(first);
  Path path;
  path.point.components.push_back(std::move(component));
  return path;
}

std::string Parser::component_name() {
  const std::size_t first = position_;
  const auto is_part = [&] {
    const TokenKind kind = peek().kind;
    return kind == TokenKind::identifier || kind == TokenKind::star ||
           kind == TokenKind::star_star || is_keyword(kind) ||
           (kind == TokenKind::number && position_ > first && peek().glued);
  };
  if (!is_part()) {
    fail_expected("expected-probe-point", "a probe point",
                  "such as begin, timer.s(1) or socket.send");
    return {};
  }
  do {
    take();
  } while (peek().glued && is_part());
  return spelling_from(first);
}

// `?`, `!` and `if (condition)` behind a point hold for all that its braces made of it.
void Parser::point_marks(Paths& paths) {
  const std::size_t first = position_;
  const bool optional = accept(TokenKind::question);
  const bool sufficient = !optional && accept(TokenKind::exclamation);
  std::shared_ptr<ast::Expr> condition;
  if (accept(TokenKind::kw_if)) {
    if (!at(TokenKind::left_paren)) {
      fail_expected("unexpected-token", "`(` after `if`");
      return;
    }
    condition = full_expression();
  }
  for (Path& path : paths) {
    if (condition && path.point.condition) {
      fail("bad-point-mark", span_from(first), "the point has a condition already");
    }
    path.point.optional |= optional;
    path.point.sufficient |= sufficient;
    if (condition) path.point.condition = condition;
    path.ended |= optional || sufficient || condition;
  }
}

}  // namespace socktap::language
