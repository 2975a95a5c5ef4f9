// What stands at the outermost level: global, function, probe, aliases, `private`, embedded C.
#include <fmt/format.h>

#include "language/literal.h"
#include "language/parser.h"

namespace socktap::language {
namespace {

// Every name of `probe a = b = c = point { body }` is an alias of its own, read anew.
constexpr std::size_t max_alias_names = 8;

bool can_be_alias(const ast::Point& point) {
  if (point.optional || point.sufficient || point.condition) return false;
  for (const ast::PointComponent& component : point.components) {
    if (component.argument || component.name.find('*') != std::string::npos) return false;
  }
  return true;
}

}  // namespace

void Parser::declaration(ast::Script& script) {
  const std::size_t first = position_;
  switch (peek().kind) {
    case TokenKind::kw_probe:
      return probe(script);
    case TokenKind::kw_global:
      take();
      return globals(script, false);
    case TokenKind::kw_function:
      return function(script, false);
    case TokenKind::kw_private:
      return private_declaration(script);
    case TokenKind::embedded_c: {
      const Token code = take();
      script.embedded_code.push_back({span_from(first), {std::string(text(code))}});
      return;
    }
    default:
      fail_expected("expected-declaration", "`probe`, `global` or `function`",
                    at(TokenKind::right_brace) ? "there is a `}` too many before this place"
                    : at(TokenKind::semicolon) ? "no `;` stands behind a `}` at the outermost level"
                    : at(TokenKind::identifier)
                        ? "statements stand in a handler: probe begin { ... }"
                        : "");
  }
}

void Parser::private_declaration(ast::Script& script) {
  take();
  switch (peek().kind) {
    case TokenKind::kw_function:
      return function(script, true);
    case TokenKind::kw_probe:
      fail_expected("expected-declaration", "`global` or `function` after `private`");
      return;
    default:
      accept(TokenKind::kw_global);
      return globals(script, true);
  }
}

std::string Parser::name(std::string_view of_what, Span& span) {
  const Token token = peek();
  span = token.span;
  if (accept(TokenKind::identifier)) return std::string(text(token));
  fail_expected("expected-identifier", of_what,
                is_keyword(token.kind)                 ? "keywords cannot be names"
                : token.kind == TokenKind::target_name ? "names beginning with `$` are variables "
                                                         "of the probed software"
                                                       : "");
  return {};
}

void Parser::globals(ast::Script& script, bool is_private) {
  do {
    ast::Global declared = global(is_private);
    if (!failed_) script.globals.push_back(std::move(declared));
  } while (accept(TokenKind::comma));
  accept(TokenKind::semicolon);
}

ast::Global Parser::global(bool is_private) {
  ast::Global declared;
  declared.is_private = is_private;
  declared.name = name("the name of a global variable", declared.span);
  declared.wraps = accept(TokenKind::percent);
  if (at(TokenKind::left_bracket)) declared.size = global_size();
  if (at(TokenKind::assign)) {
    const Token sign = take();
    if (declared.size || declared.wraps) {
      fail("array-initializer", sign.span, "arrays cannot be given a value where they are declared",
           "fill it in `probe begin { ... }`");
    }
    declared.initial = literal("as the initial value of a global variable");
  }
  return declared;
}

ast::ExprPtr Parser::global_size() {
  const Token open = take();
  ast::ExprPtr size = literal("as the size of an array");
  if (failed_) return size;
  const auto* number = std::get_if<ast::Number>(&size->node);
  if (number == nullptr || number->value < 1) {
    fail("bad-array-size", size->span, "the size of an array is a positive number");
  }
  expect_close(TokenKind::right_bracket, open);
  return size;
}

void Parser::function(ast::Script& script, bool is_private) {
  take();
  ast::Function declared;
  declared.is_private = is_private;
  declared.name = name("the name of a function", declared.span);
  declared.result = type_suffix();
  declared.parameters = parameters();
  if (accept(TokenKind::colon)) {
    if (at(TokenKind::number)) {
      declared.priority = number_value(text(take())).value;
    } else {
      fail_expected("unexpected-token", "the priority of the function, a number,",
                    "its type stands before the parameters: function f:long ()");
    }
  }
  if (at(TokenKind::embedded_c)) {
    declared.embedded_c = std::string(text(take()));
  } else {
    declared.body = body(Body::function);
  }
  if (!failed_) script.functions.push_back(std::move(declared));
}

std::vector<ast::Parameter> Parser::parameters() {
  const Token open = peek();
  std::vector<ast::Parameter> all;
  expect(TokenKind::left_paren, "before the parameters of a function");
  if (accept(TokenKind::right_paren)) return all;
  do {
    ast::Parameter parameter;
    parameter.name = name("the name of a parameter", parameter.span);
    parameter.type = type_suffix();
    if (at(TokenKind::assign)) {
      fail("default-value", peek().span, "parameters have no default values",
           "a function of the same name with fewer parameters can call this one");
    }
    all.push_back(std::move(parameter));
  } while (accept(TokenKind::comma) && !at(TokenKind::right_paren));
  expect_close(TokenKind::right_paren, open);
  return all;
}

Type Parser::type_suffix() {
  if (!accept(TokenKind::colon)) return Type::none;
  if (accept(TokenKind::kw_long)) return Type::number;
  if (accept(TokenKind::kw_string)) return Type::string;
  fail_expected("expected-type", "type `long` or `string`");
  return Type::none;
}

ast::StmtPtr Parser::body(Body kind) {
  body_ = kind;
  loops_ = 0;
  ast::StmtPtr statements = block();
  body_ = Body::none;
  return statements;
}

void Parser::probe(ast::Script& script) {
  const std::size_t first = position_;
  take();
  ast::Probe declared;
  declared.points = points();
  if (at(TokenKind::assign) || at(TokenKind::plus_assign)) {
    return aliases(script, std::move(declared.points));
  }
  if (!at(TokenKind::left_brace)) {
    fail_expected("unexpected-token", "`{` or `,` after a probe point");
  }
  declared.body = body(Body::probe);
  declared.span = span_from(first);
  if (!failed_) script.probes.push_back(std::move(declared));
}

// The points read so far and every list of points that an `=` follows is one name.
void Parser::aliases(ast::Script& script, std::vector<ast::Point> points_so_far) {
  std::vector<ast::Point> names;
  bool epilogue = false;
  std::size_t meaning = position_;
  while (at(TokenKind::assign) || at(TokenKind::plus_assign)) {
    if (points_so_far.size() != 1 || names.size() == max_alias_names) {
      fail("bad-alias-name", points_so_far.back().span,
           points_so_far.size() != 1
               ? "an alias is defined for one name at a time"
               : fmt::format("more than {} names for one alias", max_alias_names),
           "give it further names with `=`: probe a = b = socket.send { ... }");
      return;
    }
    names.push_back(std::move(points_so_far.front()));
    epilogue |= take().kind == TokenKind::plus_assign;
    meaning = position_;
    points_so_far = points();
  }
  for (const ast::Point& name : names) {
    if (failed_) return;
    position_ = meaning;
    ast::Alias declared = alias(name, epilogue);
    if (!failed_) script.aliases.push_back(std::move(declared));
  }
}

ast::Alias Parser::alias(const ast::Point& name, bool epilogue) {
  ast::Alias declared;
  declared.span = name.span;
  declared.name = name.text();
  declared.epilogue = epilogue;
  if (!can_be_alias(name)) {
    fail("bad-alias-name", name.span, fmt::format("`{}` cannot name an alias", declared.name),
         "an alias is names and dots only: probe my.point = socket.send { ... }");
  }
  declared.points = points();
  declared.body = body(Body::probe);
  if (accept(TokenKind::comma)) {
    if (epilogue) {
      fail("two-epilogues", peek().span, "an alias defined by `+=` has one block only",
           "define it by `=` to give it a prologue and an epilogue");
    }
    declared.epilogue_body = body(Body::probe);
  }
  return declared;
}

}  // namespace socktap::language
