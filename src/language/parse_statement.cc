// Statements, but foreach. Semicolons separate where they are written and are never needed: an
// expression goes on as far as it can.
#include <fmt/format.h>

#include "language/parser.h"

namespace socktap::language {
namespace {

// Each `else if` is an `if` in the one before; later phases recurse. What stands in a branch is as
// deep as the chain up to there, and has chains of its own.
constexpr std::size_t max_branches = 2000;

bool begins_declaration(TokenKind kind) {
  return kind == TokenKind::kw_probe || kind == TokenKind::kw_global ||
         kind == TokenKind::kw_function || kind == TokenKind::kw_private ||
         kind == TokenKind::end_of_script;
}

}  // namespace

ast::StmtPtr Parser::statement() {
  const Nesting nesting(*this);
  const std::size_t first = position_;
  switch (peek().kind) {
    case TokenKind::semicolon:
      take();
      return make_statement(first, ast::Empty{});
    case TokenKind::left_brace:
      return block();
    case TokenKind::kw_if:
      return if_statement();
    case TokenKind::kw_while:
      return while_statement();
    case TokenKind::kw_for:
      return for_statement();
    case TokenKind::kw_foreach:
      return foreach_statement();
    case TokenKind::kw_try:
      return try_statement();
    case TokenKind::kw_delete:
      return delete_statement();
    case TokenKind::kw_return:
      return return_statement();
    case TokenKind::kw_break:
    case TokenKind::kw_continue:
    case TokenKind::kw_next:
      return jump_statement();
    default:
      return expression_statement();
  }
}

ast::StmtPtr Parser::block() {
  const std::size_t first = position_;
  const Token open = peek();
  expect(TokenKind::left_brace, "before a block of statements");
  ast::Block statements;
  while (!at(TokenKind::right_brace) && !begins_declaration(peek().kind)) {
    statements.statements.push_back(statement());
  }
  expect_close(TokenKind::right_brace, open);
  return make_statement(first, std::move(statements));
}

// "if", "while": what stands in parentheses after them.
ast::ExprPtr Parser::condition(std::string_view after) {
  const Token open = peek();
  expect(TokenKind::left_paren, fmt::format("after `{}`", after));
  ast::ExprPtr value = full_expression();
  expect_close(TokenKind::right_paren, open);
  return value;
}

// A chain of `else if` is a loop here, so that its length is no depth.
ast::StmtPtr Parser::if_statement() {
  struct Branch {
    std::size_t first;
    ast::ExprPtr value;
    ast::StmtPtr then;
  };
  std::vector<Branch> branches;
  ast::StmtPtr otherwise;
  do {
    const std::size_t first = position_;
    const Token word = take();
    if (!branches.empty() && ++branches_ > max_branches) {
      fail("nested-too-deeply", word.span,
           fmt::format("more than {} `else if` in a row, or in each other", max_branches));
    }
    ast::ExprPtr value = condition("if");
    branches.push_back({first, std::move(value), statement()});
    if (!accept(TokenKind::kw_else)) break;
    if (!at(TokenKind::kw_if)) otherwise = statement();
  } while (!otherwise && !failed_);
  branches_ -= branches.size() - 1;
  for (; !branches.empty(); branches.pop_back()) {
    Branch& last = branches.back();
    otherwise = make_statement(
        last.first, ast::If{std::move(last.value), std::move(last.then), std::move(otherwise)});
  }
  return otherwise;
}

ast::StmtPtr Parser::loop_body() {
  ++loops_;
  ast::StmtPtr statements = statement();
  --loops_;
  return statements;
}

ast::StmtPtr Parser::while_statement() {
  const std::size_t first = position_;
  take();
  ast::ExprPtr value = condition("while");
  ast::StmtPtr statements = loop_body();
  return make_statement(first, ast::While{std::move(value), std::move(statements)});
}

ast::StmtPtr Parser::for_statement() {
  const std::size_t first = position_;
  take();
  const Token open = peek();
  expect(TokenKind::left_paren, "after `for`");
  ast::For loop;
  if (!at(TokenKind::semicolon)) loop.init = full_expression();
  expect(TokenKind::semicolon, "after the first part of `for`");
  if (!at(TokenKind::semicolon)) loop.condition = full_expression();
  expect(TokenKind::semicolon, "after the condition of `for`");
  if (!at(TokenKind::right_paren)) loop.step = full_expression();
  expect_close(TokenKind::right_paren, open);
  loop.body = loop_body();
  return make_statement(first, std::move(loop));
}

ast::StmtPtr Parser::jump_statement() {
  const std::size_t first = position_;
  const Token word = take();
  ast::StmtPtr statement;
  if (word.kind == TokenKind::kw_next) {
    statement = make_statement(first, ast::Next{});
  } else if (loops_ == 0) {
    fail("jump-outside-loop", word.span, fmt::format("`{}` outside of any loop", text(word)),
         body_ == Body::probe ? "`next` ends a handler" : "`return` ends a function");
  }
  if (word.kind == TokenKind::kw_break) statement = make_statement(first, ast::Break{});
  if (word.kind == TokenKind::kw_continue) statement = make_statement(first, ast::Continue{});
  accept(TokenKind::semicolon);
  return statement;
}

ast::StmtPtr Parser::return_statement() {
  const std::size_t first = position_;
  const Token word = take();
  if (body_ != Body::function) {
    fail("return-outside-function", word.span, "`return` outside of any function",
         "`next` ends a handler");
  }
  ast::ExprPtr value;
  if (starts_expression()) value = full_expression();
  ast::StmtPtr statement = make_statement(first, ast::Return{std::move(value)});
  accept(TokenKind::semicolon);
  return statement;
}

ast::StmtPtr Parser::delete_statement() {
  const std::size_t first = position_;
  take();
  wildcards_allowed_ = true;
  ast::ExprPtr target = full_expression();
  wildcards_allowed_ = false;
  if (!failed_ && !std::holds_alternative<ast::Name>(target->node) &&
      !std::holds_alternative<ast::Subscript>(target->node)) {
    fail("bad-delete", target->span, "`delete` needs a variable, an array or an array's element");
  }
  ast::StmtPtr statement = make_statement(first, ast::Delete{std::move(target)});
  accept(TokenKind::semicolon);
  return statement;
}

ast::StmtPtr Parser::try_statement() {
  const std::size_t first = position_;
  take();
  ast::Try attempt;
  attempt.body = block();
  expect(TokenKind::kw_catch, "after the block of `try`");
  if (at(TokenKind::left_paren)) {
    const Token open = take();
    attempt.message = name("the variable for the error's text", attempt.message_span);
    expect_close(TokenKind::right_paren, open);
  }
  attempt.handler = block();
  return make_statement(first, std::move(attempt));
}

ast::StmtPtr Parser::expression_statement() {
  const std::size_t first = position_;
  if (!starts_expression()) {
    fail_expected("expected-statement", "a statement",
                  at(TokenKind::kw_else) ? "this `else` follows no `if` statement" : "");
    return nullptr;
  }
  ast::ExprPtr value = full_expression();
  ast::StmtPtr statement = make_statement(first, ast::Evaluate{std::move(value)});
  accept(TokenKind::semicolon);
  return statement;
}

bool Parser::starts_expression() const {
  switch (peek().kind) {
    case TokenKind::identifier:
    case TokenKind::target_name:
    case TokenKind::at_word:
    case TokenKind::number:
    case TokenKind::string:
    case TokenKind::embedded_c:
    case TokenKind::left_paren:
    case TokenKind::left_bracket:
    case TokenKind::plus:
    case TokenKind::minus:
    case TokenKind::exclamation:
    case TokenKind::tilde:
    case TokenKind::ampersand:
    case TokenKind::plus_plus:
    case TokenKind::minus_minus:
      return true;
    default:
      return false;
  }
}

}  // namespace socktap::language
