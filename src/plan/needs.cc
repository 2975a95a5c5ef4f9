#include "plan/needs.h"

#include "language/walk.h"

namespace socktap::plan {
namespace {

using language::Expr;
using language::TypedProgram;
using tapset::FieldSet;

// Collects over a body and, once each, over every function that can be reached from it.
class Collector {
 public:
  explicit Collector(const TypedProgram& program)
      : program_(program), entered_(program.functions.size()) {}

  FieldSet collect(const language::Handler& handler) {
    handler_ = &handler;
    for_each_point([this](const tapset::ProbePoint& point) { fields_ |= fields_asked(point); });
    if (handler.condition) language::walk(*handler.condition, visitor());
    if (handler.body) language::walk(*handler.body, visitor());
    return fields_;
  }

 private:
  language::ExprVisitor visitor() {
    return [this](const Expr& expression) { visit(expression); };
  }

  void visit(const Expr& expression) {
    if (const auto* variable = std::get_if<language::EventVariable>(&expression.node)) {
      for_each_point([&](const tapset::ProbePoint& point) {
        const tapset::Binding* binding = point.find(variable->variable);
        if (binding != nullptr) fields_ |= tapset::fields_of(point, binding->from);
      });
    } else if (const auto* library = std::get_if<language::LibraryCall>(&expression.node)) {
      fields_ |= tapset::row(library->function).needs;
    } else if (const auto* call = std::get_if<language::Call>(&expression.node)) {
      enter(call->function);
    }
  }

  void enter(std::uint32_t index) {
    if (entered_[index]) return;
    entered_[index] = true;
    const language::Function& function = program_.functions[index];
    if (function.body) language::walk(*function.body, visitor());
    if (function.overload) enter(*function.overload);
  }

  void for_each_point(auto visit) {
    for (const language::Point& point : handler_->points)
      if (const auto* tap = std::get_if<const tapset::ProbePoint*>(&point.trigger)) visit(**tap);
  }

  const TypedProgram& program_;
  const language::Handler* handler_ = nullptr;
  std::vector<bool> entered_;
  FieldSet fields_;
};

}  // namespace

std::vector<FieldSet> fields_read(const TypedProgram& program) {
  std::vector<FieldSet> fields;
  fields.reserve(program.handlers.size());
  for (const language::Handler& handler : program.handlers) {
    fields.push_back(Collector(program).collect(handler));
  }
  return fields;
}

}  // namespace socktap::plan
