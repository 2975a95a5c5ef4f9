#include "plan/kernel_expression.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/overloaded.h"
#include "event/derived.h"
#include "event/event_part.h"
#include "language/spelling.h"
#include "language/typed_children.h"

namespace socktap::plan {
namespace {

using language::Binary;
using language::BinaryOp;
using language::Expr;
using language::StringLiteral;
using Reason = std::optional<std::string>;

// Calls `visit` with what each of the handler's points takes the variable's value from; nullptr: it
// has none.
void for_each_source(const language::Handler& handler, tapset::Variable variable, auto visit) {
  for (const language::Point& point : handler.points) {
    const auto* tap = std::get_if<const tapset::ProbePoint*>(&point.trigger);
    if (tap == nullptr) continue;
    const tapset::Binding* binding = (*tap)->find(variable);
    visit(binding == nullptr ? nullptr : &binding->from);
  }
}

// A part of the record itself, which every event has.
bool is_in_record(FieldLayout layout) { return layout.offset + layout.width <= sizeof(Event); }

bool is_field(const tapset::Extraction& from) {
  if (const auto* bit = std::get_if<tapset::FieldBit>(&from))
    return is_in_record(layout_of(bit->field));
  const auto field = plain_field(from);
  return field && is_in_record(*field);
}

const FieldLayout* as_field(const std::optional<EventPart>& part) {
  return part ? std::get_if<FieldLayout>(&*part) : nullptr;
}

// As many as the deeper side needs, of which the right one has one less to itself.
int values_at_once(const Expr& expression) {
  const auto* binary = std::get_if<Binary>(&expression.node);
  if (binary && binary->left->type == Type::string) return 2;  // of a text's parts
  const bool is_lazy =
      binary && (binary->op == BinaryOp::logical_and || binary->op == BinaryOp::logical_or);
  int most = 1;
  language::for_each_child(expression, [&](const language::ExprPtr& child) {
    const bool is_beside = binary && !is_lazy && child == binary->right;
    most = std::max(most, values_at_once(*child) + (is_beside ? 1 : 0));
  });
  return most;
}

class Question {
 public:
  Question(const language::TypedProgram& program, const language::Handler& handler, Locals locals)
      : program_(program), handler_(handler), locals_(locals) {}

  Reason about(const Expr& expression) const {
    if (expression.type == Type::string) return "it makes a text";
    Reason reason = std::visit([&](const auto& node) { return of(node); }, expression.node);
    if (!reason)
      language::for_each_child(expression, [&](const language::ExprPtr& child) {
        if (!reason && child && !is_compared_text(*child, expression)) reason = about(*child);
      });
    return reason;
  }

 private:
  // The texts of a comparison are no values of their own.
  static bool is_compared_text(const Expr& child, const Expr& parent) {
    return child.type == Type::string && std::holds_alternative<Binary>(parent.node);
  }

  Reason of(const language::NumberLiteral&) const { return std::nullopt; }
  Reason of(const language::Unary&) const { return std::nullopt; }
  Reason of(const language::Conditional&) const { return std::nullopt; }

  Reason of(const language::EventVariable& node) const {
    bool plain = true;
    for_each_source(handler_, node.variable, [&plain](const tapset::Extraction* from) {
      plain = plain && (from == nullptr || is_field(*from));
    });
    if (plain) return std::nullopt;
    return fmt::format("`{}` is put together there", tapset::row(node.variable).name);
  }

  Reason of(const Binary& node) const {
    if (node.op == BinaryOp::divide || node.op == BinaryOp::modulo)
      return fmt::format("`{}` may fail", language::ast::spelling(node.op));
    if (node.left->type != Type::string) return std::nullopt;
    if (node.op != BinaryOp::equal && node.op != BinaryOp::not_equal)
      return "it compares the order of texts";
    const bool one_each = (is_text_field(*node.left) && is_literal(*node.right)) ||
                          (is_literal(*node.left) && is_text_field(*node.right));
    return one_each ? std::nullopt
                    : Reason("it compares texts other than execname() with a literal");
  }

  Reason of(const language::LibraryCall& node) const {
    if (node.function == tapset::Function::target) return std::nullopt;  // known before a run
    const std::optional<EventPart> part = part_of(node.function);
    if (const FieldLayout* field = as_field(part); field && is_in_record(*field))
      return std::nullopt;
    return fmt::format("`{}()` is answered there", tapset::row(node.function).name);
  }

  Reason of(const language::Load& node) const { return reads(node.place); }
  Reason of(const language::Extract& node) const { return reads(node.statistic); }
  Reason of(const language::Bucket& node) const { return reads(node.statistic); }
  Reason of(const language::Contains& node) const { return reads_global(node.global); }
  Reason of(const language::Assign&) const { return "it assigns"; }
  Reason of(const language::Increment&) const { return "it assigns"; }
  Reason of(const language::Match&) const { return "regular expressions are matched there"; }
  Reason of(const language::Call& node) const {
    return fmt::format("it calls the function {}", program_.functions[node.function].name);
  }
  Reason of(const StringLiteral&) const { return "it makes a text"; }
  Reason of(const language::HistogramText&) const { return "it makes a text"; }
  Reason of(const language::Print&) const { return "it prints"; }

  Reason reads(const language::Place& place) const {
    if (place.kind == language::Place::Kind::global) return reads_global(place.index);
    if (locals_ == Locals::known) return std::nullopt;
    return fmt::format("it reads the local {}", handler_.locals[place.index].name);
  }
  Reason reads_global(std::uint32_t global) const {
    return fmt::format("it reads the global {}", program_.globals[global].name);
  }

  // execname(): no variable is a text of the record, at points whose events are filtered.
  static bool is_text_field(const Expr& expression) {
    const auto* call = std::get_if<language::LibraryCall>(&expression.node);
    const std::optional<EventPart> part = call ? part_of(call->function) : std::nullopt;
    const FieldLayout* field = as_field(part);
    return field && field->is_text && is_in_record(*field);
  }

  static bool is_literal(const Expr& expression) {
    return std::holds_alternative<StringLiteral>(expression.node);
  }

  const language::TypedProgram& program_;
  const language::Handler& handler_;
  const Locals locals_;
};

}  // namespace

std::optional<std::string> why_not_in_kernel(const language::TypedProgram& program,
                                             const language::Handler& handler,
                                             const Expr& expression, Locals locals) {
  if (Reason reason = Question(program, handler, locals).about(expression)) return reason;
  if (values_at_once(expression) > most_values_at_once) return "it is nested too deep";
  return std::nullopt;
}

}  // namespace socktap::plan
