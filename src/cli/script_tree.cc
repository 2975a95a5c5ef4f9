#include "cli/script_tree.h"

#include <iterator>
#include <memory>
#include <utility>
#include <vector>

namespace socktap::cli {
namespace {

namespace ast = language::ast;

template <typename T>
void move_to_end(std::vector<T>& all, std::vector<T>& more) {
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

ast::StmtPtr guarded(ast::StmtPtr body) {
  if (!body) return body;
  const Span span = body->span;
  auto next = std::make_unique<ast::Stmt>(ast::Stmt{span, ast::Next{}});
  ast::Try attempt{std::move(body), std::nullopt, span, std::move(next)};
  return std::make_unique<ast::Stmt>(ast::Stmt{span, std::move(attempt)});
}

}  // namespace

void append(ast::Script& script, ast::Script more) {
  move_to_end(script.globals, more.globals);
  move_to_end(script.functions, more.functions);
  move_to_end(script.aliases, more.aliases);
  move_to_end(script.probes, more.probes);
  move_to_end(script.embedded_code, more.embedded_code);
}

void suppress_errors(ast::Script& script) {
  for (ast::Probe& probe : script.probes) probe.body = guarded(std::move(probe.body));
  for (ast::Alias& alias : script.aliases) {
    alias.body = guarded(std::move(alias.body));
    alias.epilogue_body = guarded(std::move(alias.epilogue_body));
  }
}

}  // namespace socktap::cli
