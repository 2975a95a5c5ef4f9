// Expressions by precedence. The order is the language's own, not C's; from the loosest:
//
//   = <<< += ...   ?:   ||   &&   |   ^   &   in   comparisons, =~ !~   << >>   .   + -   * / %
//
// then the unary operators and ++ --. All binary ones group to the left. `in` takes one array and
// =~ one pattern, and neither chains: only a looser operator can follow them. So the binary
// operators are three ladders: those looser than `in`, the comparisons, and the tighter ones.
#include <fmt/format.h>

#include <utility>

#include "language/literal.h"
#include "language/parser.h"

namespace socktap::language {
namespace {

using ast::AssignOp;
using ast::BinaryOp;
using ast::UnaryOp;

// A tree as high as one expression has operators must not exhaust a recursing phase.
constexpr std::size_t max_links = 2000;
constexpr std::size_t max_height = 2250;  // with the chain of `else if` that it stands in

constexpr int loosest_level = 1;
constexpr int tightest_before_in = 5;
constexpr int comparison_level = 7;
constexpr int tightest_level = 11;

struct BinaryOperator {
  int level = 0;  // 0: none
  BinaryOp op{};
};

BinaryOperator binary_operator(TokenKind kind) {
  switch (kind) {
    case TokenKind::or_or:
      return {1, BinaryOp::logical_or};
    case TokenKind::and_and:
      return {2, BinaryOp::logical_and};
    case TokenKind::pipe:
      return {3, BinaryOp::bitwise_or};
    case TokenKind::caret:
      return {4, BinaryOp::bitwise_xor};
    case TokenKind::ampersand:
      return {5, BinaryOp::bitwise_and};
    case TokenKind::equal:
      return {7, BinaryOp::equal};
    case TokenKind::not_equal:
      return {7, BinaryOp::not_equal};
    case TokenKind::less:
      return {7, BinaryOp::less};
    case TokenKind::less_equal:
      return {7, BinaryOp::less_equal};
    case TokenKind::greater:
      return {7, BinaryOp::greater};
    case TokenKind::greater_equal:
      return {7, BinaryOp::greater_equal};
    case TokenKind::shift_left:
      return {8, BinaryOp::shift_left};
    case TokenKind::shift_right:
      return {8, BinaryOp::shift_right};
    case TokenKind::shift_right_logical:
      return {8, BinaryOp::shift_right_logical};
    case TokenKind::dot:
      return {9, BinaryOp::concatenate};
    case TokenKind::plus:
      return {10, BinaryOp::add};
    case TokenKind::minus:
      return {10, BinaryOp::subtract};
    case TokenKind::star:
      return {11, BinaryOp::multiply};
    case TokenKind::slash:
      return {11, BinaryOp::divide};
    case TokenKind::percent:
      return {11, BinaryOp::modulo};
    default:
      return {};
  }
}

std::optional<AssignOp> assign_operator(TokenKind kind) {
  switch (kind) {
    case TokenKind::assign:
      return AssignOp::set;
    case TokenKind::plus_assign:
      return AssignOp::add;
    case TokenKind::minus_assign:
      return AssignOp::subtract;
    case TokenKind::star_assign:
      return AssignOp::multiply;
    case TokenKind::slash_assign:
      return AssignOp::divide;
    case TokenKind::percent_assign:
      return AssignOp::modulo;
    case TokenKind::shift_left_assign:
      return AssignOp::shift_left;
    case TokenKind::shift_right_assign:
    case TokenKind::shift_right_logical_assign:  // is refused, see assignment()
      return AssignOp::shift_right;
    case TokenKind::and_assign:
      return AssignOp::bitwise_and;
    case TokenKind::or_assign:
      return AssignOp::bitwise_or;
    case TokenKind::xor_assign:
      return AssignOp::bitwise_xor;
    case TokenKind::dot_assign:
      return AssignOp::concatenate;
    case TokenKind::accumulate:
      return AssignOp::accumulate;
    default:
      return std::nullopt;
  }
}

std::optional<UnaryOp> unary_operator(TokenKind kind) {
  switch (kind) {
    case TokenKind::plus:
      return UnaryOp::plus;
    case TokenKind::minus:
      return UnaryOp::minus;
    case TokenKind::exclamation:
      return UnaryOp::logical_not;
    case TokenKind::tilde:
      return UnaryOp::bitwise_not;
    default:
      return std::nullopt;
  }
}

bool is_place(const ast::Expr& expression) {
  if (const auto* element = std::get_if<ast::Subscript>(&expression.node)) {
    return std::holds_alternative<ast::Name>(element->base->node);
  }
  if (const auto* op = std::get_if<ast::AtOperator>(&expression.node)) {
    return op->name == "@var" || op->name == "@cast";
  }
  return std::holds_alternative<ast::Name>(expression.node) ||
         std::holds_alternative<ast::TargetVariable>(expression.node);
}

}  // namespace

ast::ExprPtr Parser::full_expression() {
  links_ = 0;
  return expression();
}

ast::ExprPtr Parser::expression() {
  const Nesting nesting(*this);
  return assignment();
}

ast::ExprPtr Parser::assignment() {
  const std::size_t first = position_;
  ast::ExprPtr target = conditional();
  const auto op = assign_operator(peek().kind);
  if (!op) return target;
  const Token sign = take();
  if (sign.kind == TokenKind::shift_right_logical_assign) {
    fail("unsupported-operator", sign.span, "operator `>>>=` is not supported",
         "assign what `>>>` gives");
  }
  require_place(*target, text(sign));
  ast::ExprPtr value = expression();
  return make(first, ast::Assign{*op, std::move(target), std::move(value)});
}

ast::ExprPtr Parser::conditional() {
  const std::size_t first = position_;
  ast::ExprPtr condition = binary(loosest_level);
  if (!accept(TokenKind::question)) return condition;
  ast::ExprPtr then = expression();
  expect(TokenKind::colon, "of the conditional expression `... ? ... : ...`");
  const Nesting nesting(*this);
  ast::ExprPtr otherwise = conditional();
  return make(first, ast::Conditional{std::move(condition), std::move(then), std::move(otherwise)});
}

ast::ExprPtr Parser::binary(int lowest_level) {
  const std::size_t first = position_;
  return lowest_level <= tightest_before_in
             ? operators(first, membership(), lowest_level, tightest_before_in)
             : operators(first, unary(), lowest_level, tightest_level);
}

// `left` with the operators of these levels that follow it.
ast::ExprPtr Parser::operators(std::size_t first, ast::ExprPtr left, int lowest, int highest) {
  for (;;) {
    const auto [level, op] = binary_operator(peek().kind);
    if (level < lowest || level > highest) return left;
    const Token sign = take();
    if (++links_ > max_links) {
      fail("expression-too-long", sign.span,
           fmt::format("expression of more than {} operators", max_links));
    }
    if (links_ + branches_ > max_height) {
      fail("nested-too-deeply", sign.span,
           fmt::format("operators and `else if` nested more than {} levels deep", max_height));
    }
    ast::ExprPtr right = level == tightest_before_in ? membership() : binary(level + 1);
    left = make(first, ast::Binary{op, std::move(left), std::move(right)});
  }
}

ast::ExprPtr Parser::membership() {
  const std::size_t first = position_;
  if (at(TokenKind::left_bracket)) {
    const bool outer = std::exchange(wildcards_allowed_, true);
    std::vector<ast::ExprPtr> tuple = keys(&Parser::key);
    wildcards_allowed_ = outer;
    if (!at(TokenKind::kw_in)) {
      // [x] alone is x.
      if (tuple.size() == 1 && tuple.front()) return std::move(tuple.front());
      fail_expected("unexpected-token", "keyword `in` after a list of keys",
                    "an element is array[key, ...]; `[key, ...] in array` asks whether it exists");
    }
    return array_after_in(first, std::move(tuple));
  }
  ast::ExprPtr key = comparison();
  if (!at(TokenKind::kw_in)) return key;
  std::vector<ast::ExprPtr> single;
  single.push_back(std::move(key));
  return array_after_in(first, std::move(single));
}

// A key of `[key, ...] in array`; looser operators need parentheses there.
ast::ExprPtr Parser::key() {
  const Nesting nesting(*this);
  return comparison();
}

ast::ExprPtr Parser::array_after_in(std::size_t first, std::vector<ast::ExprPtr> keys) {
  take();
  const Token array = peek();
  if (at(TokenKind::at_word) && keys.size() == 1 && keys.front()) {
    ast::ExprPtr histogram = primary();
    refuse_tighter_operator("in");
    return make(first, ast::Subscript{std::move(histogram), std::move(keys)});
  }
  if (!accept(TokenKind::identifier)) {
    fail_expected("unexpected-token", "the name of an array after `in`");
    return nothing();
  }
  refuse_tighter_operator("in");
  return make(first, ast::In{std::move(keys), std::string(text(array)), array.span});
}

ast::ExprPtr Parser::comparison() {
  const std::size_t first = position_;
  ast::ExprPtr left = binary(comparison_level + 1);
  if (at(TokenKind::match) || at(TokenKind::not_match)) {
    const bool negated = take().kind == TokenKind::not_match;
    return match(first, std::move(left), negated);
  }
  left = operators(first, std::move(left), comparison_level, comparison_level);
  if (at(TokenKind::match) || at(TokenKind::not_match)) {
    fail("unexpected-token", peek().span,
         fmt::format("{} cannot follow a comparison", title(peek().kind)),
         "put one of the two into parentheses");
  }
  return left;
}

ast::ExprPtr Parser::match(std::size_t first, ast::ExprPtr subject, bool negated) {
  if (!at(TokenKind::string)) {
    fail_expected("expected-pattern", "a regular expression in quotes",
                  "patterns are literal strings, known before the script runs");
    return subject;
  }
  const ast::ExprPtr pattern = string_literal();
  refuse_tighter_operator(negated ? "!~" : "=~");
  return make(first, ast::Match{std::move(subject), std::get<ast::String>(pattern->node).value,
                                pattern->span, negated});
}

// Says what to do about `k in a == 0`. A sign is none: it begins the next statement.
void Parser::refuse_tighter_operator(std::string_view before) {
  const TokenKind kind = peek().kind;
  const bool tighter = binary_operator(kind).level >= comparison_level ||
                       kind == TokenKind::match || kind == TokenKind::not_match;
  if (!tighter || kind == TokenKind::plus || kind == TokenKind::minus) return;
  fail("unexpected-token", peek().span,
       fmt::format("{} cannot follow a test by `{}`", title(kind), before),
       fmt::format("put the test by `{}` into parentheses", before));
}

ast::ExprPtr Parser::unary() {
  const std::size_t first = position_;
  if (at(TokenKind::plus_plus) || at(TokenKind::minus_minus)) {
    const Token sign = take();
    ast::ExprPtr target = postfix();
    require_place(*target, text(sign));
    return make(first, ast::Increment{std::move(target),
                                      sign.kind == TokenKind::plus_plus ? +1 : -1, true});
  }
  if (at(TokenKind::ampersand)) return address_of();
  const auto op = unary_operator(peek().kind);
  if (!op) return postfix();
  take();
  const Nesting nesting(*this);
  ast::ExprPtr operand = unary();
  return make(first, ast::Unary{*op, std::move(operand)});
}

// &$variable->member: is refused whatever it is the address of.
ast::ExprPtr Parser::address_of() {
  const std::size_t first = position_;
  take();
  target_accesses(first, primary(), true);
  return make(first, ast::TargetVariable{spelling_from(first)});
}

void Parser::require_place(const ast::Expr& target, std::string_view operation) {
  if (failed_ || is_place(target)) return;
  fail("not-assignable", target.span,
       fmt::format("`{}` needs a variable or an array element", operation),
       operation == "=" ? "comparison is `==`" : "");
}

}  // namespace socktap::language
