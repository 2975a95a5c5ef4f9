#include "plan/needs.h"

#include "plan/reach.h"

namespace socktap::plan {
namespace {

using language::Expr;
using language::TypedProgram;
using tapset::FieldSet;

void for_each_point(const language::Handler& handler, auto visit) {
  for (const language::Point& point : handler.points)
    if (const auto* tap = std::get_if<const tapset::ProbePoint*>(&point.trigger)) visit(**tap);
}

FieldSet fields_shown(const language::Handler& handler) {
  FieldSet fields;
  for_each_point(handler,
                 [&](const tapset::ProbePoint& point) { fields |= tapset::fields_shown(point); });
  return fields;
}

FieldSet fields_of(const language::Handler& handler, tapset::Function function, Shown shown) {
  if (function == tapset::Function::print_event) return fields_shown(handler) & shown.printed;
  if (function == tapset::Function::hand_event) return fields_shown(handler) & shown.handed;
  return tapset::row(function).needs;
}

// What one expression by itself reads.
FieldSet fields_of(const language::Handler& handler, const Expr& expression, Shown shown) {
  FieldSet fields;
  if (const auto* variable = std::get_if<language::EventVariable>(&expression.node))
    for_each_point(handler, [&](const tapset::ProbePoint& point) {
      const tapset::Binding* binding = point.find(variable->variable);
      if (binding != nullptr) fields |= tapset::fields_of(point, binding->from);
    });
  if (const auto* library = std::get_if<language::LibraryCall>(&expression.node))
    fields |= fields_of(handler, library->function, shown);
  return fields;
}

FieldSet fields_of(const TypedProgram& program, const language::Handler& handler, Shown shown) {
  FieldSet fields;
  for_each_point(handler,
                 [&](const tapset::ProbePoint& point) { fields |= tapset::fields_asked(point); });
  visit_reached(program, handler, {.expression = [&](const Expr& expression) {
                  fields |= fields_of(handler, expression, shown);
                }});
  return fields;
}

}  // namespace

std::vector<FieldSet> fields_read(const TypedProgram& program, Shown shown) {
  std::vector<FieldSet> fields;
  fields.reserve(program.handlers.size());
  for (const language::Handler& handler : program.handlers)
    fields.push_back(fields_of(program, handler, shown));
  return fields;
}

}  // namespace socktap::plan
