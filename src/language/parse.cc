// The parser's cursor, its way of failing and going on, and the phase's entry.
#include <fmt/format.h>

#include "language/parser.h"

namespace socktap::language {
namespace {

// Deep enough for any script a person writes, shallow enough for every later phase to recurse.
constexpr int max_depth = 256;

}  // namespace

Parser::Parser(const std::vector<Token>& tokens, const SourceMap& sources)
    : tokens_(tokens), sources_(sources) {
  if (tokens.empty()) return;
  end_.span = tokens.back().span;
  end_.span.begin = end_.span.end;
}

Outcome<ast::Script> Parser::script() {
  ast::Script script;
  while (position_ < tokens_.size() && diagnostics_.error_count() < max_errors) {
    const std::size_t first = position_;
    declaration(script);
    if (failed_) resynchronise(first);
  }
  if (diagnostics_.has_errors()) return {std::nullopt, std::move(diagnostics_)};
  return {std::move(script), std::move(diagnostics_)};
}

template <typename T>
Outcome<T> Parser::lone(T node, std::string_view what) {
  if (!failed_ && position_ < tokens_.size())
    fail_expected("unexpected-token", fmt::format("nothing behind the {}", what));
  if (diagnostics_.has_errors()) return {std::nullopt, std::move(diagnostics_)};
  return {std::move(node), std::move(diagnostics_)};
}

Outcome<std::vector<ast::Point>> Parser::lone_points() {
  auto all = points();
  return lone(std::move(all), "probe points");
}

Outcome<ast::ExprPtr> Parser::lone_expression() {
  body_ = Body::probe;
  auto whole = full_expression();
  return lone(std::move(whole), "expression");
}

const Token& Parser::peek(std::size_t ahead) const {
  return failed_ || position_ + ahead >= tokens_.size() ? end_ : tokens_[position_ + ahead];
}

Token Parser::take() {
  const Token token = peek();
  if (!failed_ && position_ < tokens_.size()) ++position_;
  return token;
}

bool Parser::accept(TokenKind kind) {
  if (!at(kind)) return false;
  take();
  return true;
}

bool Parser::expect(TokenKind kind, std::string_view where) {
  if (accept(kind)) return true;
  fail_expected("unexpected-token", fmt::format("{} {}", title(kind), where));
  return false;
}

bool Parser::expect_close(TokenKind kind, const Token& open) {
  if (accept(kind)) return true;
  if (Diagnostic* diagnostic = fail_expected("unclosed-bracket", title(kind))) {
    diagnostic->notes.push_back({open.span, fmt::format("to close this {}", title(open.kind))});
  }
  return false;
}

std::string Parser::found() const {
  const Token& token = peek();
  if (token.kind == TokenKind::end_of_script || token.kind == TokenKind::embedded_c ||
      title(token.kind).find('`') != std::string_view::npos) {
    return std::string(title(token.kind));
  }
  constexpr std::size_t longest = 40;
  std::string spelling(text(token));
  if (spelling.size() > longest) spelling = spelling.substr(0, longest) + "...";
  return token.kind == TokenKind::string ? "string " + spelling
                                         : fmt::format("{} `{}`", title(token.kind), spelling);
}

Span Parser::span_from(std::size_t first) const {
  if (first >= tokens_.size()) return end_.span;
  const std::size_t last = position_ > first ? position_ - 1 : first;
  return cover(tokens_[first].span, tokens_[last].span);
}

std::string Parser::spelling_from(std::size_t first) const {
  std::string spelling;
  for (std::size_t i = first; i < position_; ++i) spelling += text(tokens_[i]);
  return spelling;
}

Diagnostic* Parser::fail(DiagnosticName name, Span span, std::string message, std::string hint) {
  if (failed_) return nullptr;
  failed_ = true;
  return &diagnostics_.add(
      {name, Severity::parse_error, span, std::move(message), std::move(hint), {}});
}

Diagnostic* Parser::fail_expected(DiagnosticName name, std::string_view what, std::string hint) {
  return fail(name, peek().span, fmt::format("expected {}, found {}", what, found()),
              std::move(hint));
}

// Moves to where a declaration behind the failed one may begin. `function` is also a probe point's
// component: kernel.function("f"), kernel.{function("f"), ...}.
void Parser::resynchronise(std::size_t declaration) {
  failed_ = false;
  depth_ = loops_ = 0;
  branches_ = 0;
  body_ = Body::none;
  wildcards_allowed_ = false;
  for (position_ = std::max(position_, declaration + 1); position_ < tokens_.size(); ++position_) {
    const bool component = tokens_[position_ - 1].kind == TokenKind::dot;
    switch (tokens_[position_].kind) {
      case TokenKind::kw_probe:
      case TokenKind::kw_global:
      case TokenKind::kw_private:
        if (!component) return;
        break;
      case TokenKind::kw_function:
        if (!component && peek(1).kind == TokenKind::identifier) return;
        break;
      default:
        break;
    }
  }
}

Parser::Nesting::Nesting(Parser& parser) : parser_(parser) {
  if (++parser_.depth_ > max_depth) {
    parser_.fail("nested-too-deeply", parser_.peek().span,
                 fmt::format("nested more than {} levels deep", max_depth));
  }
}

Outcome<ast::Script> parse(const std::vector<Token>& tokens, const SourceMap& sources) {
  return Parser(tokens, sources).script();
}

namespace {

// Without macros, conditionals and arguments.
Outcome<std::vector<Token>> tokens_of(SourceMap& sources, std::uint32_t source,
                                      const Invocation& invocation) {
  auto lexed = lex(sources, source);
  if (!lexed.value) return lexed;
  auto preprocessed = preprocess(std::move(*lexed.value), sources, invocation);
  lexed.diagnostics.append(std::move(preprocessed.diagnostics));
  return {std::move(preprocessed.value), std::move(lexed.diagnostics)};
}

// What `parse` makes of the tokens of a text.
template <typename T, typename Parse>
Outcome<T> parse_text(SourceMap& sources, std::uint32_t source, const Invocation& invocation,
                      Parse parse) {
  auto tokens = tokens_of(sources, source, invocation);
  if (!tokens.value) return {std::nullopt, std::move(tokens.diagnostics)};
  Outcome<T> parsed = parse(*tokens.value);
  tokens.diagnostics.append(std::move(parsed.diagnostics));
  return {std::move(parsed.value), std::move(tokens.diagnostics)};
}

}  // namespace

Outcome<ast::Script> parse(SourceMap& sources, std::uint32_t source, const Invocation& invocation) {
  return parse_text<ast::Script>(
      sources, source, invocation,
      [&](const std::vector<Token>& tokens) { return parse(tokens, sources); });
}

Outcome<std::vector<ast::Point>> parse_points(SourceMap& sources, std::uint32_t source,
                                              const Invocation& invocation) {
  return parse_text<std::vector<ast::Point>>(
      sources, source, invocation,
      [&](const std::vector<Token>& tokens) { return Parser(tokens, sources).lone_points(); });
}

Outcome<ast::ExprPtr> parse_expression(SourceMap& sources, std::uint32_t source,
                                       const Invocation& invocation) {
  return parse_text<ast::ExprPtr>(
      sources, source, invocation,
      [&](const std::vector<Token>& tokens) { return Parser(tokens, sources).lone_expression(); });
}

}  // namespace socktap::language
