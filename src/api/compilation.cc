#include "api/compilation.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/suggestion.h"
#include "language/semantics/ast_walk.h"
#include "tapset/every_event.h"

namespace socktap::api {
namespace {

namespace ast = language::ast;
using tapset::FieldSet;
using tapset::ProbePoint;

// Hands an event to a handler. It is not for scripts.
constexpr std::string_view hand_event = "__hand_event";

// What every handler can read, whatever is asked for: how the members of EventView are called.
constexpr std::string_view always_there[] = {"time", "pid",  "tid",      "ppid", "uid",  "euid",
                                             "gid",  "egid", "execname", "cpu",  "point"};

ast::ExprPtr expression(Span span, auto node) {
  return std::make_unique<ast::Expr>(ast::Expr{span, std::move(node)});
}
ast::StmtPtr statement(Span span, auto node) {
  return std::make_unique<ast::Stmt>(ast::Stmt{span, std::move(node)});
}

// if (!(CONDITION)) next; __hand_event(HANDLER)
ast::StmtPtr body_of(ast::ExprPtr condition, Span span, std::size_t handler) {
  ast::Block body;
  if (condition) {
    const Span place = condition->span;
    body.statements.push_back(statement(
        place,
        ast::If{expression(place, ast::Unary{ast::UnaryOp::logical_not, std::move(condition)}),
                statement(place, ast::Next{}), nullptr}));
  }
  ast::Call call{std::string(hand_event), span, {}};
  call.arguments.push_back(expression(span, ast::Number{static_cast<std::int64_t>(handler)}));
  body.statements.push_back(statement(span, ast::Evaluate{expression(span, std::move(call))}));
  return statement(span, std::move(body));
}

void refuse_effects(const ast::Expr& condition, Diagnostics& diagnostics) {
  if (std::holds_alternative<ast::Assign>(condition.node) ||
      std::holds_alternative<ast::Increment>(condition.node))
    diagnostics.add({"condition-with-effect",
                     Severity::semantic_error,
                     condition.span,
                     "a condition must not assign",
                     "`==` compares",
                     {}});
  language::semantics::for_each_child(
      condition, [&](const ast::Expr& child) { refuse_effects(child, diagnostics); });
}

class Compiler {
 public:
  Compiler(const Options& options, Purpose purpose)
      : script_(compilation_->script), purpose_(purpose) {
    script_.invocation = session::invocation_here();
    script_.invocation.arguments = options.arguments;
    if (purpose == Purpose::run) script_.invocation.globals = options.globals;
  }

  Result<std::unique_ptr<Compilation>> compile(const Contents& contents) {
    add_texts(contents);
    session::tell_kernel_config(script_);
    auto tree = taken(language::parse_whole(script_.sources, script_.texts, script_.invocation));
    if (!tree) return refusal();
    for (std::size_t i = 0; i < contents.subscriptions.size(); ++i)
      if (!add_probe(contents.subscriptions[i], i, *tree)) return refusal();
    if (purpose_ == Purpose::check) add_idle_probe(*tree);
    auto program = taken(language::check(*tree, script_.invocation));
    if (!program) return refusal();
    compilation_->program = std::move(*program);
    return std::move(compilation_);
  }

 private:
  void add_texts(const Contents& contents) {
    for (const Text& text : contents.scripts)
      script_.texts.push_back(script_.sources.add(text.name, text.text));
    for (const Subscription& subscription : contents.subscriptions) {
      const std::size_t number = compilation_->subscriptions.size() + 1;
      const auto points =
          script_.sources.add(fmt::format("<points of handler {}>", number), subscription.points);
      const auto condition = script_.sources.add(fmt::format("<condition of handler {}>", number),
                                                 subscription.condition);
      compilation_->subscriptions.push_back({points, condition});
    }
  }

  // The value, where there is one; what was said is kept.
  template <typename T>
  std::optional<T> taken(language::Outcome<T> outcome) {
    compilation_->diagnostics.append(std::move(outcome.diagnostics));
    return std::move(outcome.value);
  }

  bool add_probe(const Subscription& subscription, std::size_t handler, ast::Script& tree) {
    const Compilation::Parts parts = compilation_->subscriptions[handler];
    auto points = taken(language::parse_points(script_.sources, parts.points, script_.invocation));
    if (!points) return false;
    ast::ExprPtr condition;
    if (!subscription.condition.empty()) {
      auto parsed =
          taken(language::parse_expression(script_.sources, parts.condition, script_.invocation));
      if (!parsed) return false;
      condition = std::move(*parsed);
      refuse_effects(*condition, compilation_->diagnostics);
    }
    const Span span{parts.points, 0, static_cast<std::uint32_t>(subscription.points.size())};
    tree.probes.push_back({span, std::move(*points), body_of(std::move(condition), span, handler)});
    return !compilation_->diagnostics.has_errors();
  }

  // For functions and globals that no probe uses yet.
  void add_idle_probe(ast::Script& tree) {
    const Span span{script_.sources.add("<library>", "never"), 0, 5};
    ast::Point never{.span = span};
    never.components.push_back({span, "never", nullptr});
    ast::Probe probe{.span = span, .body = statement(span, ast::Block{})};
    probe.points.push_back(std::move(never));
    tree.probes.push_back(std::move(probe));
  }

  tl::unexpected<Error> refusal() const {
    std::vector<std::string> errors;
    for (const Diagnostic& diagnostic : compilation_->diagnostics.all())
      if (diagnostic.severity != Severity::warning)
        errors.push_back(compilation_->render(diagnostic));
    return failure(fmt::format("{}", fmt::join(errors, "\n")));
  }

  std::unique_ptr<Compilation> compilation_ = std::make_unique<Compilation>();
  session::Script& script_;
  Purpose purpose_;
};

std::vector<const ProbePoint*> points_of(const language::TypedProgram& program,
                                         std::uint32_t text) {
  std::vector<const ProbePoint*> points;
  for (const language::Handler& handler : program.handlers)
    for (const language::Point& point : handler.points)
      if (const auto* tap = std::get_if<const ProbePoint*>(&point.trigger);
          tap != nullptr && handler.span.source == text)
        points.push_back(*tap);
  return points;
}

tl::unexpected<Error> no_such_variable(const std::string& name,
                                       const std::vector<const ProbePoint*>& points) {
  std::vector<std::string_view> known;
  for (const ProbePoint* point : points)
    for (const tapset::Binding& binding : point->bindings)
      if (const auto known_name = row(binding.variable).name;
          std::ranges::find(known, known_name) == known.end())
        known.push_back(known_name);
  return failure("none of the probe points has a variable `" + name + "`",
                 known.empty() ? "they have no variables" : suggestion(name, known));
}

}  // namespace

std::string Compilation::render(const Diagnostic& diagnostic) const {
  std::string text = socktap::render(diagnostic, script.sources, /*color=*/false);
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

Result<std::unique_ptr<Compilation>> compile(const Contents& contents, const Options& options,
                                             Purpose purpose) {
  for (const Text& text : contents.scripts)
    if (text.text.find(hand_event) != std::string::npos)
      return failure(fmt::format("{}: {}() is the library's own", text.name, hand_event),
                     "print_event() shows an event to the sink");
  return Compiler(options, purpose).compile(contents);
}

Result<FieldSet> check_last_subscription(const Subscription& subscription,
                                         const Compilation& compilation) {
  const Compilation::Parts parts = compilation.subscriptions.back();
  for (const Diagnostic& warning : compilation.diagnostics.all()) {
    if (warning.span.source != parts.condition || warning.name != "never-assigned") continue;
    Diagnostic mistake = warning;
    mistake.severity = Severity::semantic_error;
    return failure(compilation.render(mistake));
  }
  const auto points = points_of(compilation.program, parts.points);
  FieldSet fields;
  if (subscription.variables.empty())
    for (const ProbePoint* point : points) fields |= tapset::fields_shown(*point);
  else if (!points.empty())
    fields = tapset::fields_of_every_event;
  for (const std::string& name : subscription.variables) {
    if (std::ranges::find(always_there, name) != std::end(always_there)) continue;
    const tapset::VariableRow* variable = tapset::find_variable(name);
    bool found = false;
    for (const ProbePoint* point : points) {
      const tapset::Binding* binding = variable == nullptr ? nullptr : point->find(variable->id);
      if (binding == nullptr) continue;
      found = true;
      fields |= tapset::fields_of(*point, binding->from);
    }
    if (!found) return no_such_variable(name, points);
  }
  return fields;
}

}  // namespace socktap::api
