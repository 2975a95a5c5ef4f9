#include "api/compilation.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/diagnostic.h"

namespace socktap::api {
namespace {

using tapset::Field;
using tapset::FieldSet;
using tapset::ProbePoint;

// What every handler can read: it lies in each event.
constexpr FieldSet always{Field::time, Field::task, Field::parent, Field::uid, Field::euid,
                          Field::gid,  Field::egid, Field::comm,   Field::cpu};

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
  const auto near = nearest(name, known);
  return failure("none of the probe points has a variable `" + name + "`",
                 near ? fmt::format("did you mean {}?", *near)
                      : fmt::format("there are {}", fmt::join(known, ", ")));
}

std::string mistakes(const Compilation& compilation) {
  std::vector<std::string> errors;
  for (const Diagnostic& diagnostic : compilation.diagnostics.all())
    if (diagnostic.severity != Severity::warning) errors.push_back(compilation.render(diagnostic));
  return fmt::format("{}", fmt::join(errors, "\n"));
}

}  // namespace

Text text_of(const Subscription& subscription, std::size_t handler) {
  const std::string name = fmt::format("<on {}>", subscription.points);
  const std::string call = fmt::format("__hand_event({})", handler);
  if (subscription.condition.empty())
    return {name, fmt::format("probe {}\n{{ {} }}\n", subscription.points, call)};
  // On lines of its own: that is what a diagnostic shows.
  return {name, fmt::format("probe {}\n{{ if (!(\n{}\n)) next\n{} }}\n", subscription.points,
                            subscription.condition, call)};
}

Result<std::unique_ptr<Compilation>> compile(const std::vector<Text>& texts,
                                             const Options& options) {
  auto compilation = std::make_unique<Compilation>();
  session::Script& script = compilation->script;
  script.invocation = session::invocation_here();
  script.invocation.arguments = options.arguments;
  script.invocation.globals = options.globals;
  for (const Text& text : texts) script.texts.push_back(script.sources.add(text.name, text.text));
  session::tell_kernel_config(script);
  auto compiled = language::compile(script.sources, script.texts, script.invocation);
  compilation->diagnostics = std::move(compiled.diagnostics);
  if (!compiled.value) return failure(mistakes(*compilation));
  compilation->program = std::move(*compiled.value);
  return compilation;
}

std::string Compilation::render(const Diagnostic& diagnostic) const {
  std::string text = socktap::render(diagnostic, script.sources, /*color=*/false);
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

Result<FieldSet> check_subscription(const Subscription& subscription,
                                    const Compilation& compilation) {
  const std::uint32_t text = compilation.script.texts.back();
  for (const Diagnostic& warning : compilation.diagnostics.all())
    if (warning.span.source == text && warning.name == "never-assigned")
      return failure(compilation.render(warning));
  const auto points = points_of(compilation.program, text);
  FieldSet fields;
  if (subscription.variables.empty())
    for (const ProbePoint* point : points) fields |= tapset::fields_shown(*point);
  else if (!points.empty())
    fields = always;
  for (const std::string& name : subscription.variables) {
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
