// foreach (v = [k1, k2-] in array[slice] @count+ limit n), in all its forms.
#include <fmt/format.h>

#include "language/parser.h"

namespace socktap::language {
namespace {

using Direction = ast::Foreach::Direction;

bool is_sort_function(std::string_view name) {
  return name == "@count" || name == "@sum" || name == "@min" || name == "@max" || name == "@avg" ||
         name == "@variance";
}

}  // namespace

ast::StmtPtr Parser::foreach_statement() {
  const std::size_t first = position_;
  take();
  const Token open = peek();
  expect(TokenKind::left_paren, "after `foreach`");
  ast::Foreach loop;
  foreach_bindings(loop);
  if (!accept(TokenKind::kw_in)) {
    const bool glued = at(TokenKind::plus_assign) || at(TokenKind::minus_assign);
    fail_expected("unexpected-token", "keyword `in` after the variables of `foreach`",
                  glued ? "to sort by the value put a blank before the `=`" : "");
  }
  foreach_container(loop);
  if (accept(TokenKind::kw_limit)) loop.limit = full_expression();
  expect_close(TokenKind::right_paren, open);
  loop.body = loop_body();
  return make_statement(first, std::move(loop));
}

void Parser::foreach_bindings(ast::Foreach& loop) {
  if (at(TokenKind::left_bracket)) {
    const Token open = take();
    do {
      loop.keys.push_back(foreach_binding(loop, static_cast<int>(loop.keys.size())));
    } while (accept(TokenKind::comma));
    expect_close(TokenKind::right_bracket, open);
    return;
  }
  ast::Foreach::Binding binding = foreach_binding(loop, -1);
  if (accept(TokenKind::assign)) {
    loop.value = std::move(binding);
    if (at(TokenKind::left_bracket)) return foreach_bindings(loop);
    binding = foreach_binding(loop, 0);
  } else if (loop.direction != Direction::none && loop.sort_by == -1) {
    loop.sort_by = 0;  // it was the key after all
  }
  loop.keys.push_back(std::move(binding));
}

// A name, and `+` or `-` when the loop is sorted by it.
ast::Foreach::Binding Parser::foreach_binding(ast::Foreach& loop, int column) {
  ast::Foreach::Binding binding;
  binding.name = name("a variable of `foreach`", binding.span);
  foreach_direction(loop, column);
  return binding;
}

bool Parser::foreach_direction(ast::Foreach& loop, int sort_by) {
  if (!at(TokenKind::plus) && !at(TokenKind::minus)) return false;
  const Token sign = take();
  if (loop.direction != Direction::none) {
    fail("sorted-twice", sign.span, "`foreach` can be sorted by one thing only");
  }
  loop.direction = sign.kind == TokenKind::plus ? Direction::ascending : Direction::descending;
  loop.sort_by = sort_by;
  return true;
}

void Parser::foreach_container(ast::Foreach& loop) {
  const std::size_t first = position_;
  if (at(TokenKind::at_word)) {
    loop.container = at_operator();
  } else {
    Span span;
    std::string array = name("the array that `foreach` iterates over", span);
    loop.container = make(first, ast::Name{std::move(array)});
    if (at(TokenKind::left_bracket)) {
      wildcards_allowed_ = true;
      loop.container = subscript(first, std::move(loop.container));
      wildcards_allowed_ = false;
    }
  }
  if (at(TokenKind::at_word)) return foreach_sort_function(loop);
  foreach_direction(loop, -1);
}

void Parser::foreach_sort_function(ast::Foreach& loop) {
  const Token word = take();
  if (!is_sort_function(text(word))) {
    fail("bad-sort", word.span, fmt::format("`{}` is nothing to sort by", text(word)),
         "sort by @count, @sum, @min, @max, @avg or @variance");
  }
  loop.sort_function = std::string(text(word));
  if (!foreach_direction(loop, -1)) {
    fail_expected("bad-sort", fmt::format("`+` or `-` after `{}`", text(word)));
  }
}

}  // namespace socktap::language
