#include "cli/script_tree.h"

#include <memory>
#include <utility>

namespace socktap::cli {
namespace {

namespace ast = language::ast;

ast::StmtPtr guarded(ast::StmtPtr body) {
  if (!body) return body;
  const Span span = body->span;
  auto next = std::make_unique<ast::Stmt>(ast::Stmt{span, ast::Next{}});
  ast::Try attempt{std::move(body), std::nullopt, span, std::move(next)};
  return std::make_unique<ast::Stmt>(ast::Stmt{span, std::move(attempt)});
}

}  // namespace

void suppress_errors(ast::Script& script) {
  for (ast::Probe& probe : script.probes) probe.body = guarded(std::move(probe.body));
  for (ast::Alias& alias : script.aliases) {
    alias.body = guarded(std::move(alias.body));
    alias.epilogue_body = guarded(std::move(alias.epilogue_body));
  }
}

}  // namespace socktap::cli
