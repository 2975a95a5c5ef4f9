// The operands of expressions: literals, names, calls, subscripts, @operators, target variables.
#include <fmt/format.h>

#include <utility>

#include "language/literal.h"
#include "language/parser.h"

namespace socktap::language {
namespace {

bool is_suffix(std::string_view spelling) { return spelling == "$" || spelling == "$$"; }

bool is_tempting_name(TokenKind kind) {
  return kind == TokenKind::kw_limit || kind == TokenKind::kw_long ||
         kind == TokenKind::kw_string || kind == TokenKind::kw_next;
}

// $variable, @cast(...), @var(...): what can be followed into.
bool is_target(const ast::Expr& expression) {
  const auto* op = std::get_if<ast::AtOperator>(&expression.node);
  return std::holds_alternative<ast::TargetVariable>(expression.node) ||
         (op != nullptr &&
          (op->name == "@cast" || op->name == "@var" || is_foreign_macro(op->name)));
}

bool is_histogram(const ast::Expr& expression) {
  const auto* op = std::get_if<ast::AtOperator>(&expression.node);
  return op != nullptr && (op->name == "@hist_log" || op->name == "@hist_linear");
}

}  // namespace

ast::ExprPtr Parser::postfix() {
  const std::size_t first = position_;
  ast::ExprPtr operand = primary();
  if (at(TokenKind::left_bracket) &&
      (std::holds_alternative<ast::Name>(operand->node) || is_histogram(*operand))) {
    operand = subscript(first, std::move(operand));
  }
  const bool target = is_target(*operand);
  operand = target_accesses(first, std::move(operand), target);
  if (at(TokenKind::plus_plus) || at(TokenKind::minus_minus)) {
    const Token sign = take();
    require_place(*operand, text(sign));
    operand = make(first, ast::Increment{std::move(operand),
                                         sign.kind == TokenKind::plus_plus ? +1 : -1, false});
  }
  return operand;
}

ast::ExprPtr Parser::primary() {
  const std::size_t first = position_;
  switch (peek().kind) {
    case TokenKind::left_paren:
      return parenthesised();
    case TokenKind::identifier:
      return name_or_call();
    case TokenKind::at_word:
      return at_operator();
    case TokenKind::number:
      return number_literal();
    case TokenKind::string:
      return string_literal();
    case TokenKind::target_name:
      if (is_suffix(text(peek()))) break;
      take();
      return make(first, ast::TargetVariable{spelling_from(first)});
    case TokenKind::embedded_c:
      take();
      return make(first, ast::EmbeddedC{spelling_from(first)});
    default:
      break;
  }
  fail_expected("expected-expression", "an expression",
                is_tempting_name(peek().kind) ? "keywords cannot be names of variables" : "");
  return nothing();
}

ast::ExprPtr Parser::parenthesised() {
  const Token open = take();
  const bool wildcards = std::exchange(wildcards_allowed_, false);
  ast::ExprPtr inner = expression();
  wildcards_allowed_ = wildcards;
  expect_close(TokenKind::right_paren, open);
  return inner;
}

ast::ExprPtr Parser::name_or_call() {
  const std::size_t first = position_;
  const Token name = take();
  if (!at(TokenKind::left_paren)) return make(first, ast::Name{std::string(text(name))});
  std::vector<ast::ExprPtr> values = arguments();
  return make(first, ast::Call{std::string(text(name)), name.span, std::move(values)});
}

ast::ExprPtr Parser::at_operator() {
  const std::size_t first = position_;
  const Token name = take();
  const bool foreign = is_foreign_macro(text(name));
  if (!foreign && !is_at_operator(text(name))) {
    fail("unknown-macro", name.span, fmt::format("unknown macro or operator `{}`", text(name)));
    return nothing();
  }
  if (!at(TokenKind::left_paren)) {
    if (!foreign) fail_expected("unexpected-token", fmt::format("`(` after `{}`", text(name)));
    return make(first, ast::AtOperator{std::string(text(name)), {}});
  }
  std::vector<ast::ExprPtr> values = arguments();
  return make(first, ast::AtOperator{std::string(text(name)), std::move(values)});
}

// ->member, [index] and the printing suffixes $ and $$, of what lives in the kernel or a process.
// The language refuses to run them, so the spelling is all that is kept.
ast::ExprPtr Parser::target_accesses(std::size_t first, ast::ExprPtr base, bool target) {
  bool accessed = false;
  for (;;) {
    if (accept(TokenKind::arrow)) {
      if (!at(TokenKind::identifier) && !is_keyword(peek().kind)) {
        fail_expected("unexpected-token", "the name of a member after `->`");
      }
      take();
    } else if (target && at(TokenKind::left_bracket)) {
      const Token open = take();
      expression();
      expect_close(TokenKind::right_bracket, open);
    } else if (target && at(TokenKind::target_name) && is_suffix(text(peek()))) {
      take();
    } else {
      break;
    }
    accessed = target = true;
  }
  if (!accessed) return base;
  return make(first, ast::TargetVariable{spelling_from(first)});
}

ast::ExprPtr Parser::subscript(std::size_t first, ast::ExprPtr base) {
  std::vector<ast::ExprPtr> values = keys(&Parser::expression);
  return make(first, ast::Subscript{std::move(base), std::move(values)});
}

ast::ExprPtr Parser::string_literal() {
  const std::size_t first = position_;
  // Literals side by side are one, and so is an escape that begins in one and ends in the next.
  std::string spelling(text(take()));
  while (at(TokenKind::string)) spelling.replace(spelling.size() - 1, 1, text(take()).substr(1));
  std::string value = string_value(spelling);
  // Strings end at their first NUL, as C's do.
  value.resize(std::min(value.find('\0'), value.size()));
  return make(first, ast::String{std::move(value)});
}

ast::ExprPtr Parser::number_literal() {
  const std::size_t first = position_;
  return make(first, ast::Number{number_value(text(take())).value});
}

// A number, a negative number or a string, where nothing else will do.
ast::ExprPtr Parser::literal(std::string_view where) {
  const std::size_t first = position_;
  if (at(TokenKind::string)) return string_literal();
  if (at(TokenKind::number)) return number_literal();
  if (at(TokenKind::minus) && peek(1).kind == TokenKind::number) {
    take();
    const auto value = static_cast<std::uint64_t>(number_value(text(take())).value);
    return make(first, ast::Number{static_cast<std::int64_t>(0 - value)});
  }
  fail_expected("expected-literal", fmt::format("a number or a string {}", where),
                "what varies comes from the command line: $1, @1");
  return nothing();
}

// [key, ...], where `*` stands for any key if the place allows it.
std::vector<ast::ExprPtr> Parser::keys(ast::ExprPtr (Parser::*one)()) {
  const Token open = take();
  const bool wildcards = std::exchange(wildcards_allowed_, false);
  std::vector<ast::ExprPtr> values;
  do {
    if (at(TokenKind::star)) {
      const Token star = take();
      if (!wildcards) {
        fail("unexpected-wildcard", star.span, "`*` cannot stand for a key here",
             "it can in `delete`, in `foreach (... in array[...])` and in `[...] in array`");
      }
      values.push_back(nullptr);
    } else {
      values.push_back((this->*one)());
    }
  } while (accept(TokenKind::comma));
  wildcards_allowed_ = wildcards;
  expect_close(TokenKind::right_bracket, open);
  return values;
}

std::vector<ast::ExprPtr> Parser::arguments() {
  const Token open = take();
  const bool wildcards = std::exchange(wildcards_allowed_, false);
  std::vector<ast::ExprPtr> values;
  if (!at(TokenKind::right_paren)) {
    do {
      values.push_back(expression());
    } while (accept(TokenKind::comma));
  }
  wildcards_allowed_ = wildcards;
  expect_close(TokenKind::right_paren, open);
  return values;
}

}  // namespace socktap::language
