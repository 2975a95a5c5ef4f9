#include "plan/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "language/program_dump_expression.h"
#include "plan/needs.h"

namespace socktap::plan {
namespace {

std::string list_fields(tapset::FieldSet fields) {
  std::string text;
  for (int i = 0; i < tapset::field_count; ++i) {
    if (!fields.contains(static_cast<tapset::Field>(i))) continue;
    if (!text.empty()) text += ' ';
    text += tapset::field_names[i];
  }
  return text.empty() ? "nothing" : text;
}

// Which events a filter may keep from the machine: all events of processes and of system calls are
// looked at by others, too.
bool may_be_filtered(const tapset::ProbePoint* point) {
  using enum tapset::Operation;
  return point->operation == send || point->operation == receive || point->operation == create ||
         point->operation == close;
}

void add_filter(const language::TypedProgram& program, HandlerPlan& handler) {
  if (handler.points.empty() || !std::ranges::all_of(handler.points, may_be_filtered)) return;
  Filter filter = leading_filter(program, program.handlers[handler.handler]);
  handler.filter = std::move(filter.conjuncts);
  std::ranges::move(filter.notes, std::back_inserter(handler.notes));
}

// "size > 100", "!(pid() == 7)"
std::string text_of(const Plan& plan, const HandlerPlan& handler, const Conjunct& conjunct) {
  const language::TypedProgram& program = *plan.program;
  const std::string text = language::dump_expression(
      *conjunct.condition, {program, program.handlers[handler.handler].locals});
  return conjunct.holds ? text : "!" + text;
}

}  // namespace

Plan make_plan(const language::TypedProgram& program, const Capabilities& capabilities) {
  Plan plan;
  plan.program = &program;
  plan.filters = capabilities.filters;
  const std::vector<tapset::FieldSet> fields = fields_read(program);
  for (std::uint32_t i = 0; i < program.handlers.size(); ++i) {
    HandlerPlan handler{.handler = i};
    for (const language::Point& point : program.handlers[i].points) {
      const auto* tap = std::get_if<const tapset::ProbePoint*>(&point.trigger);
      if (tap == nullptr) continue;
      handler.points.push_back(*tap);
      if (std::ranges::find(plan.points, *tap) == plan.points.end()) plan.points.push_back(*tap);
    }
    if (!handler.points.empty()) handler.fields = fields[i];
    if (capabilities.filters) add_filter(program, handler);
    plan.fields |= handler.fields;
    plan.handlers.push_back(std::move(handler));
  }
  return plan;
}

std::string dump(const Plan& plan) {
  std::string out;
  const auto line = std::back_inserter(out);
  for (const HandlerPlan& handler : plan.handlers) {
    fmt::format_to(line, "handler {}:", handler.handler);
    for (const language::Point& point : plan.program->handlers[handler.handler].points) {
      fmt::format_to(line, " {}", point.text);
    }
    out += '\n';
    for (const Conjunct& conjunct : handler.filter)
      fmt::format_to(line, "  only if {}\n", text_of(plan, handler, conjunct));
    if (!handler.points.empty()) {
      fmt::format_to(line, "  captured and sent: {}\n", list_fields(handler.fields));
    }
    out += "  runs in the machine\n";
    for (const Note& note : handler.notes) fmt::format_to(line, "  note: {}\n", note.text);
  }
  fmt::format_to(line, "captured for the whole script: {}\n", list_fields(plan.fields));
  return out;
}

}  // namespace socktap::plan
