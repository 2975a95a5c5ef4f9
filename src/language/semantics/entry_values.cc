#include "language/semantics/entry_values.h"

#include <fmt/format.h>

#include <string>
#include <utility>

#include "language/clone.h"
#include "language/semantics/ast_walk.h"
#include "tapset/catalogue.h"

namespace socktap::language::semantics {
namespace {

// Threads, and the oldest goes for a new one.
constexpr std::int64_t most_threads = 65'536;

ast::ExprPtr expression(auto node, Span span) {
  auto made = std::make_unique<ast::Expr>();
  made->span = span;
  made->node = std::move(node);
  return made;
}

ast::ExprPtr thread(Span span) { return expression(ast::Call{"tid", span, {}}, span); }

ast::ExprPtr element_of(const std::string& array, Span span) {
  ast::Subscript element;
  element.base = expression(ast::Name{array}, span);
  element.keys.push_back(thread(span));
  return expression(std::move(element), span);
}

ast::ExprPtr is_in(const std::string& array, Span span) {
  ast::In membership;
  membership.keys.push_back(thread(span));
  membership.array = array;
  membership.array_span = span;
  return expression(std::move(membership), span);
}

// The point where the operation begins that ends at this one; nullptr: it is no return.
const tapset::ProbePoint* beginning_of(const Point& point) {
  constexpr std::string_view suffix = ".return";
  const auto* const* probe = std::get_if<const tapset::ProbePoint*>(&point.trigger);
  if (probe == nullptr || !(*probe)->name.ends_with(suffix)) return nullptr;
  std::string_view name = (*probe)->name;
  name.remove_suffix(suffix.size());
  return tapset::find_probe_point(name);
}

}  // namespace

EntryValues::EntryValues(std::vector<HandlerDraft>& drafts, Reporter& reporter)
    : reporter_(reporter) {
  std::vector<HandlerDraft> all;
  for (HandlerDraft& draft : drafts) {
    beginnings_.clear();
    more_conditions_.clear();
    for (const ast::Stmt* body : draft.prologues) look_at(draft, *body);
    if (draft.probe->body) look_at(draft, *draft.probe->body);
    for (const ast::Stmt* body : draft.epilogues) look_at(draft, *body);
    draft.conditions.insert(draft.conditions.begin(), more_conditions_.begin(),
                            more_conditions_.end());
    for (HandlerDraft& beginning : beginnings_) all.push_back(std::move(beginning));
    all.push_back(std::move(draft));
  }
  for (HandlerDraft& ending : endings_) all.push_back(std::move(ending));
  drafts = std::move(all);
}

void EntryValues::look_at(const HandlerDraft& draft, const ast::Stmt& body) {
  for_each_child(
      body, [&](const ast::Expr& child) { look_at(draft, child); },
      [&](const ast::Stmt& child) { look_at(draft, child); });
}

void EntryValues::look_at(const HandlerDraft& draft, const ast::Expr& expression) {
  const auto* op = std::get_if<ast::AtOperator>(&expression.node);
  if (op != nullptr && op->name == "@entry" && op->arguments.size() == 1 && op->arguments[0])
    return keep(draft, *op, expression.span);
  for_each_child(expression, [&](const ast::Expr& child) { look_at(draft, child); });
}

void EntryValues::keep(const HandlerDraft& draft, const ast::AtOperator& op, Span span) {
  HandlerDraft beginning;
  for (const Point& point : draft.points) {
    const tapset::ProbePoint* begin = beginning_of(point);
    if (begin == nullptr) {
      reporter_.error(
          "entry-without-return", span,
          fmt::format("`{}` is no return: @entry has no beginning to look at", point.text),
          "at socket.sendmsg.return or syscall.read.return, for instance, there is one");
      wrong_.push_back(&op);
      return;
    }
    beginning.points.push_back({begin, std::string(begin->name), std::string(begin->name), span});
  }
  const std::string& array = array_of(op, span);
  ast::Assign assign{ast::AssignOp::set, element_of(array, span), ast::clone(*op.arguments[0])};
  beginning.probe = probe_of(ast::Evaluate{expression(std::move(assign), span)}, span);
  HandlerDraft& ending = endings_.emplace_back();
  ending.points = draft.points;
  ending.probe = probe_of(ast::Delete{element_of(array, span)}, span);
  if (!beginning.points.empty()) beginnings_.push_back(std::move(beginning));
  kept_.push_back({&op, &array, element_of(array, span), is_in(array, span)});
  more_conditions_.push_back(kept_.back().condition.get());
}

const ast::Probe* EntryValues::probe_of(auto statement, Span span) {
  ast::Probe& probe = probes_.emplace_back();
  probe.span = span;
  probe.body = std::make_unique<ast::Stmt>();
  probe.body->span = span;
  probe.body->node = std::move(statement);
  return &probe;
}

// Handlers that came of one probe by different aliases share it.
const std::string& EntryValues::array_of(const ast::AtOperator& op, Span span) {
  for (const Kept& kept : kept_)
    if (kept.op == &op) return *kept.array;
  ast::Global& declaration = arrays_.emplace_back();
  declaration.span = span;
  declaration.name = fmt::format("@entry:{}", arrays_.size());
  declaration.wraps = true;
  declaration.size = expression(ast::Number{most_threads}, span);
  return declaration.name;
}

void EntryValues::declare(Symbols& symbols, TypeTable& types) const {
  for (const ast::Global& array : arrays_) {
    symbols.global_by_name.emplace(array.name, static_cast<std::uint32_t>(symbols.globals.size()));
    GlobalSymbol& symbol = symbols.globals.emplace_back();
    symbol.declaration = &array;
    symbol.value = types.fresh();
  }
  for (const ast::AtOperator* op : wrong_) symbols.entry_values.emplace(op, nullptr);
  for (const Kept& kept : kept_) symbols.entry_values.emplace(kept.op, kept.element.get());
}

}  // namespace socktap::language::semantics
