#include "language/semantics/body_copies.h"

#include <fmt/format.h>

#include <unordered_map>

#include "language/semantics/ast_walk.h"

namespace socktap::language::semantics {
namespace {

constexpr std::size_t most_copied = 1'000'000;

std::size_t size_of(const ast::Expr& expression) {
  std::size_t size = 1;
  for_each_child(expression, [&](const ast::Expr& child) { size += size_of(child); });
  return size;
}

std::size_t size_of(const ast::Stmt& statement) {
  std::size_t size = 1;
  for_each_child(
      statement, [&](const ast::Expr& child) { size += size_of(child); },
      [&](const ast::Stmt& child) { size += size_of(child); });
  return size;
}

class Copies {
 public:
  void add(const HandlerDraft& handler) {
    for (const ast::Stmt* body : handler.prologues) add(body);
    if (handler.probe->body) add(handler.probe->body.get());
    for (const ast::Stmt* body : handler.epilogues) add(body);
    for (const ast::Expr* condition : handler.conditions) add(condition);
  }

  std::size_t size() const { return size_; }

 private:
  template <typename Tree>
  void add(const Tree* tree) {
    const auto [known, is_new] = sizes_.try_emplace(tree, 0);
    if (is_new)
      known->second = size_of(*tree);
    else
      size_ += known->second;
  }

  std::unordered_map<const void*, std::size_t> sizes_;
  std::size_t size_ = 0;
};

}  // namespace

bool check_body_copies(const std::vector<HandlerDraft>& handlers, Reporter& reporter) {
  Copies copies;
  for (const HandlerDraft& handler : handlers) {
    copies.add(handler);
    if (copies.size() <= most_copied) continue;
    reporter.error(
        "too-many-probe-points", handler.probe->span,
        fmt::format("this probe's aliases repeat more than {} statements and expressions",
                    most_copied),
        "what a function does is not repeated: call one");
    return false;
  }
  return true;
}

}  // namespace socktap::language::semantics
