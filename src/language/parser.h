// The parser: recursive descent over declarations and statements, precedence climbing over
// expressions. Its member functions are spread by concern over parse_*.cc.
//
// A mistake puts it into a failed state in which the next token is always the end of the script, so
// that every loop and every function above unwinds by itself; the nodes made meanwhile are dropped.
// It goes on at the next declaration: one diagnostic a declaration, and no cascades.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "language/ast.h"
#include "language/language.h"

namespace socktap::language {

class Parser {
 public:
  Parser(const std::vector<Token>& tokens, const SourceMap& sources);

  Outcome<ast::Script> script();

  // All that there is of these, and nothing behind it.
  Outcome<std::vector<ast::Point>> lone_points();
  Outcome<ast::ExprPtr> lone_expression();

 private:
  // Where the innermost function, probe and loop are, for what only makes sense there.
  enum class Body : std::uint8_t { none, probe, function };

  // A probe point while its braces are being expanded.
  struct Path {
    ast::Point point;
    bool ended = false;  // carries `?`, `!` or a condition: nothing may follow
  };
  using Paths = std::vector<Path>;

  // parse.cc: the cursor
  template <typename T>
  Outcome<T> lone(T node, std::string_view what);
  const Token& peek(std::size_t ahead = 0) const;
  bool at(TokenKind kind) const { return peek().kind == kind; }
  Token take();
  bool accept(TokenKind kind);
  bool expect(TokenKind kind, std::string_view where);
  bool expect_close(TokenKind kind, const Token& open);
  std::string_view text(const Token& token) const { return sources_.text(token.span); }
  std::string found() const;
  Span span_from(std::size_t first) const;
  std::string spelling_from(std::size_t first) const;
  Diagnostic* fail(DiagnosticName name, Span span, std::string message, std::string hint = {});
  Diagnostic* fail_expected(DiagnosticName name, std::string_view what, std::string hint = {});
  void resynchronise(std::size_t declaration);

  // Counts one level of nesting while it lives.
  class Nesting {
   public:
    explicit Nesting(Parser& parser);
    Nesting(const Nesting&) = delete;
    Nesting& operator=(const Nesting&) = delete;
    ~Nesting() { --parser_.depth_; }

   private:
    Parser& parser_;
  };

  // parse_declaration.cc
  void declaration(ast::Script& script);
  void private_declaration(ast::Script& script);
  void globals(ast::Script& script, bool is_private);
  ast::Global global(bool is_private);
  ast::ExprPtr global_size();
  void function(ast::Script& script, bool is_private);
  std::vector<ast::Parameter> parameters();
  Type type_suffix();
  void probe(ast::Script& script);
  void aliases(ast::Script& script, std::vector<ast::Point> points_so_far);
  ast::Alias alias(const ast::Point& name, bool epilogue);
  ast::StmtPtr body(Body kind);
  std::string name(std::string_view of_what, Span& span);

  // parse_point.cc
  bool at_body_without_points() const;
  std::vector<ast::Point> points();
  Paths paths();
  Paths brace_group();
  Path component();
  std::string component_name();
  Paths product(Paths left, const Paths& right);
  void point_marks(Paths& paths);
  bool count_components(std::size_t added, Span span);

  // parse_statement.cc
  ast::StmtPtr statement();
  ast::StmtPtr block();
  ast::StmtPtr if_statement();
  ast::StmtPtr while_statement();
  ast::StmtPtr for_statement();
  ast::StmtPtr jump_statement();
  ast::StmtPtr return_statement();
  ast::StmtPtr delete_statement();
  ast::StmtPtr try_statement();
  ast::StmtPtr expression_statement();
  ast::StmtPtr loop_body();
  ast::ExprPtr condition(std::string_view after);
  bool starts_expression() const;

  // parse_foreach.cc
  ast::StmtPtr foreach_statement();
  void foreach_bindings(ast::Foreach& loop);
  ast::Foreach::Binding foreach_binding(ast::Foreach& loop, int column);
  void foreach_container(ast::Foreach& loop);
  void foreach_sort_function(ast::Foreach& loop);
  bool foreach_direction(ast::Foreach& loop, int sort_by);

  // parse_expression.cc
  ast::ExprPtr full_expression();  // of a statement: its size is limited as a whole
  ast::ExprPtr expression();
  ast::ExprPtr assignment();
  ast::ExprPtr conditional();
  ast::ExprPtr binary(int lowest_level);
  ast::ExprPtr operators(std::size_t first, ast::ExprPtr left, int lowest, int highest);
  ast::ExprPtr membership();
  ast::ExprPtr array_after_in(std::size_t first, std::vector<ast::ExprPtr> keys);
  ast::ExprPtr comparison();
  ast::ExprPtr key();
  ast::ExprPtr match(std::size_t first, ast::ExprPtr subject, bool negated);
  void refuse_tighter_operator(std::string_view before);
  ast::ExprPtr unary();
  ast::ExprPtr address_of();
  void require_place(const ast::Expr& target, std::string_view operation);

  // parse_primary.cc
  ast::ExprPtr postfix();
  ast::ExprPtr primary();
  ast::ExprPtr parenthesised();
  ast::ExprPtr name_or_call();
  ast::ExprPtr at_operator();
  ast::ExprPtr target_accesses(std::size_t first, ast::ExprPtr base, bool target);
  ast::ExprPtr subscript(std::size_t first, ast::ExprPtr base);
  ast::ExprPtr string_literal();
  ast::ExprPtr number_literal();
  ast::ExprPtr literal(std::string_view where);
  std::vector<ast::ExprPtr> keys(ast::ExprPtr (Parser::*one)());
  std::vector<ast::ExprPtr> arguments();

  template <typename Node>
  ast::ExprPtr make(std::size_t first, Node node) {
    return std::make_unique<ast::Expr>(ast::Expr{span_from(first), std::move(node)});
  }
  template <typename Node>
  ast::StmtPtr make_statement(std::size_t first, Node node) {
    return std::make_unique<ast::Stmt>(ast::Stmt{span_from(first), std::move(node)});
  }
  ast::ExprPtr nothing() const { return std::make_unique<ast::Expr>(); }

  const std::vector<Token>& tokens_;
  const SourceMap& sources_;
  Token end_;
  std::size_t position_ = 0;
  bool failed_ = false;
  int depth_ = 0;               // of nested expressions and statements
  std::size_t branches_ = 0;    // `else if` before the statement at hand, and around it
  std::size_t links_ = 0;       // operators in the expression at hand
  std::size_t components_ = 0;  // that the script's braces have made of it
  Body body_ = Body::none;
  int loops_ = 0;
  bool wildcards_allowed_ = false;  // in the subscript at hand
  Diagnostics diagnostics_;
};

}  // namespace socktap::language
