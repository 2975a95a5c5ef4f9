#include "language/semantics/prelude.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace socktap::language::semantics {
namespace {

constexpr std::size_t numbered_arguments = 32;

ast::ExprPtr expression(auto node) {
  auto made = std::make_unique<ast::Expr>();
  made->node = std::move(node);
  return made;
}

ast::StmtPtr statement(auto node) {
  auto made = std::make_unique<ast::Stmt>();
  made->node = std::move(node);
  return made;
}

// argv[index] = "argument"
ast::StmtPtr assign_argument(std::size_t index, const std::string& argument) {
  ast::Subscript element;
  element.base = expression(ast::Name{"argv"});
  element.keys.push_back(expression(ast::Number{static_cast<std::int64_t>(index)}));
  ast::Assign assign{ast::AssignOp::set, expression(std::move(element)),
                     expression(ast::String{argument})};
  return statement(ast::Evaluate{expression(std::move(assign))});
}

ast::Alias make_oneshot() {
  ast::Alias alias;
  alias.name = "oneshot";
  alias.epilogue = true;
  ast::Point& begin = alias.points.emplace_back();
  begin.components.push_back({{}, "begin", nullptr});
  alias.body = statement(ast::Evaluate{expression(ast::Call{"exit", {}, {}})});
  return alias;
}

}  // namespace

Prelude::Prelude(const Invocation& invocation) {
  script_.aliases.push_back(make_oneshot());
  ast::Global& argc = script_.globals.emplace_back();
  argc.name = "argc";
  argc.initial = expression(ast::Number{static_cast<std::int64_t>(invocation.arguments.size())});
  script_.globals.emplace_back().name = "argv";
  for (std::size_t i = 0; i < numbered_arguments; ++i) {
    ast::Global& argument = script_.globals.emplace_back();
    argument.name = fmt::format("argv_{}", i + 1);
    argument.initial = expression(
        ast::String{i < invocation.arguments.size() ? invocation.arguments[i] : std::string()});
  }
  for (ast::Global& global : script_.globals) global.of_tapset = true;
  ast::Block block;
  for (std::size_t i = 0; i < invocation.arguments.size(); ++i)
    block.statements.push_back(assign_argument(i + 1, invocation.arguments[i]));
  script_.probes.emplace_back().body = statement(std::move(block));
}

std::vector<std::string_view> Prelude::global_names() const {
  std::vector<std::string_view> names;
  for (const ast::Global& global : script_.globals) names.push_back(global.name);
  return names;
}

const ast::Global* Prelude::find_global(std::string_view name) const {
  const auto found = std::ranges::find(script_.globals, name, &ast::Global::name);
  return found == script_.globals.end() ? nullptr : &*found;
}

HandlerDraft Prelude::argument_handler() const {
  HandlerDraft draft;
  draft.probe = &script_.probes[0];
  draft.points.push_back({Begin{std::numeric_limits<std::int64_t>::min()}, "begin", "begin", {}});
  return draft;
}

}  // namespace socktap::language::semantics
