// Event variables: where the points have them, and what becomes of them where the script assigns
// them or has a global of the name.
#include <fmt/format.h>

#include "language/semantics/inference.h"

namespace socktap::language::semantics {
namespace {

std::string name_of_point(const Point& point) { return fmt::format("`{}`", point.text); }

std::string variables_of(const Point& point) {
  const auto* trigger = std::get_if<const tapset::ProbePoint*>(&point.trigger);
  if (trigger == nullptr) return fmt::format("`{}` has no variables", point.text);
  std::string text;
  for (const tapset::Binding& binding : (*trigger)->bindings)
    text.append(text.empty() ? "" : ", ").append(tapset::row(binding.variable).name);
  return fmt::format("`{}` has {}", point.text, text);
}

bool has_variable(const Point& point, tapset::Variable variable) {
  const auto* trigger = std::get_if<const tapset::ProbePoint*>(&point.trigger);
  return trigger != nullptr && (*trigger)->has(variable);
}

}  // namespace

Term Inference::infer_event_variable(tapset::Variable variable, Span span, Access access) {
  const tapset::VariableRow& row = tapset::row(variable);
  if (access == Access::extract) {
    reporter_.error(
        "statistic-not-global", span,
        fmt::format("`{}` is a variable of the event: only a global can be a statistic", row.name),
        fmt::format("collect its values: global sizes ... sizes <<< {}", row.name));
    return Term::wrong();
  }
  if (!unit_->in_every_point.contains(variable)) report_missing_variable(row, span);
  return Term::known(row.type);
}

// Once for each variable of a handler. A point that is not known may have it.
void Inference::report_missing_variable(const tapset::VariableRow& variable, Span span) {
  if (unit_->has_unknown_points || unit_->reported_missing.contains(variable.id)) return;
  unit_->reported_missing.insert(variable.id);
  const Point* first = nullptr;
  std::size_t others = 0;
  for (const Point& point : unit_->handler->points) {
    if (has_variable(point, variable.id)) continue;
    if (first == nullptr)
      first = &point;
    else
      ++others;
  }
  if (first == nullptr) return;
  const std::string where = others == 0
                                ? name_of_point(*first)
                                : fmt::format("{} and {} more", name_of_point(*first), others);
  const std::string message =
      fmt::format("`{}` is no variable of {}: it reads {} there", variable.name, where,
                  variable.type == Type::string ? "\"\"" : "0");
  if (invocation_.strict)
    reporter_.error("missing-variable", span, message, variables_of(*first));
  else
    reporter_.warning("missing-variable", span, message, variables_of(*first));
}

// A variable of the event that the script assigns too.
LocalBinding Inference::add_event_local(const tapset::VariableRow& variable, Span span) {
  const LocalBinding binding = add_local(variable.name, span);
  LocalSymbol& local = unit_->locals[binding.index];
  local.starts_as = variable.id;
  local.is_assigned = true;
  types_.unify(Term::of(local.type), Term::known(variable.type), span);
  return binding;
}

// A condition is tested before there are locals.
Term Inference::infer_event_local(const LocalSymbol& local, Span span, Access access) {
  const bool asks = access == Access::read || access == Access::update || access == Access::modify;
  if (asks && (in_condition_ || !local.is_set))
    return infer_event_variable(*local.starts_as, span, Access::read);
  return Term::known(tapset::row(*local.starts_as).type);
}

// From here on the name has a value of the script's.
void Inference::note_set(std::string_view name) {
  const auto bound = unit_->bindings.find(name);
  if (bound == unit_->bindings.end()) return;
  if (const auto* local = std::get_if<LocalBinding>(&bound->second))
    unit_->locals[local->index].is_set = true;
}

// SystemTap's tapset would set the global of that name at every event.
void Inference::warn_of_hidden_variable(std::uint32_t global, Span span) {
  const std::string& name = symbols_.globals[global].declaration->name;
  const tapset::VariableRow* row = tapset::find_variable(name);
  if (row == nullptr || !unit_->of_manual.contains(row->id)) return;
  reporter_
      .warning("hidden-event-variable", symbols_.globals[global].declaration->span,
               fmt::format("the global `{}` hides the event's variable of that name", name),
               "call it something else")
      .notes.push_back({span, "the global is meant here"});
}

}  // namespace socktap::language::semantics
