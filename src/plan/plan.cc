#include "plan/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

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

}  // namespace

Plan make_plan(const language::TypedProgram& program, const Capabilities& /*capabilities*/) {
  Plan plan;
  plan.program = &program;
  const std::vector<tapset::FieldSet> fields = fields_read(program);
  for (std::uint32_t i = 0; i < program.handlers.size(); ++i) {
    HandlerPlan handler{i, {}, {}, {}};
    for (const language::Point& point : program.handlers[i].points) {
      const auto* tap = std::get_if<const tapset::ProbePoint*>(&point.trigger);
      if (tap == nullptr) continue;
      handler.points.push_back(*tap);
      if (std::ranges::find(plan.points, *tap) == plan.points.end()) plan.points.push_back(*tap);
    }
    if (!handler.points.empty()) handler.fields = fields[i];
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
