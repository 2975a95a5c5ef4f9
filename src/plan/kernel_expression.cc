#include "plan/kernel_expression.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/overloaded.h"
#include "event/derived.h"
#include "event/event_part.h"
#include "language/spelling.h"
#include "language/typed_children.h"
#include "tapset/number_names.h"

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

// There before it is known whether the event is wanted.
bool is_filterable(FieldLayout layout) { return layout.offset + layout.width <= filterable_size; }

bool is_field(const tapset::Extraction& from) {
  if (const auto* bit = std::get_if<tapset::FieldBit>(&from))
    return is_filterable(layout_of(bit->field));
  const auto field = plain_field(from);
  return field && is_filterable(*field);
}

const FieldLayout* as_field(const std::optional<EventPart>& part) {
  return part ? std::get_if<FieldLayout>(&*part) : nullptr;
}

bool is_lazy(const Binary& node) {
  return node.op == BinaryOp::logical_and || node.op == BinaryOp::logical_or;
}

// As many as the deeper side needs, of which the right one has one less to itself.
int values_at_once(const Expr& expression) {
  const auto* binary = std::get_if<Binary>(&expression.node);
  if (binary && binary->left->type == Type::string) return 2;  // of a text's parts
  int most = 1;
  language::for_each_child(expression, [&](const language::ExprPtr& child) {
    const bool is_beside = binary && !is_lazy(*binary) && child == binary->right;
    most = std::max(most, values_at_once(*child) + (is_beside ? 1 : 0));
  });
  return most;
}

// execname(): no variable is a text of the record, at points whose events are filtered.
bool is_text_field(const Expr& expression) {
  const auto* call = std::get_if<language::LibraryCall>(&expression.node);
  const std::optional<EventPart> part = call ? part_of(call->function) : std::nullopt;
  const FieldLayout* field = as_field(part);
  return field && field->is_text && is_filterable(*field);
}

bool is_known_text(const language::Handler& handler, const Expr& expression) {
  if (std::holds_alternative<StringLiteral>(expression.node)) return true;
  const auto* variable = std::get_if<language::EventVariable>(&expression.node);
  bool known = variable != nullptr;
  if (known)
    for_each_source(handler, variable->variable, [&known](const tapset::Extraction* from) {
      known = known && (from == nullptr || std::holds_alternative<tapset::PointLabel>(*from));
    });
  return known;
}

class Question {
 public:
  Question(const language::TypedProgram& program, const language::Handler& handler,
           const KernelScope& scope)
      : program_(program), handler_(handler), scope_(scope) {}

  // `in_key`: of an element that is looked for, whose values go where those of keys in it would.
  Reason about(const Expr& expression, bool in_key = false) const {
    if (expression.type == Type::string) return "it makes a text";
    if (in_key && is_clock(expression)) return "it asks for the time for a key";
    if (in_key && looks_into_array(expression)) return "it looks into an array for a key";
    if (const auto* contains = std::get_if<language::Contains>(&expression.node))
      return about_lookup(*contains);
    if (const language::Place* place = element_of(expression)) return about_element(*place);
    Reason reason = std::visit([&](const auto& node) { return of(node); }, expression.node);
    if (!reason)
      language::for_each_child(expression, [&](const language::ExprPtr& child) {
        if (reason || !child || is_compared_text(*child, expression)) return;
        reason = about(*child, in_key);
      });
    return reason;
  }

  Reason about_key(const std::vector<language::ExprPtr>& keys) const {
    for (const language::ExprPtr& key : keys) {
      if (!key) return "it asks for any key";
      if (key->type == Type::string && !is_text_field(*key) && !is_known_text(handler_, *key))
        return "it makes a text";
      if (key->type == Type::string) continue;
      if (Reason reason = about(*key, /*in_key=*/true)) return reason;
    }
    return std::nullopt;
  }

  // Their texts are not numbered.
  Reason about_key_of_thread(const std::vector<language::ExprPtr>& keys) const {
    const bool has_known_text = std::ranges::any_of(
        keys, [this](const auto& key) { return key && is_known_text(handler_, *key); });
    return has_known_text ? "texts other than execname() are no keys of a thread's elements there"
                          : about_key(keys);
  }

  tl::expected<Kept, std::string> kept(const Expr& expression) const {
    if (expression.type == Type::number) {
      Reason reason = about(expression);
      return reason ? tl::expected<Kept, std::string>(tl::unexpect, std::move(*reason)) : Kept{};
    }
    if (is_text_field(expression)) return Kept{Kept::As::field_text, {}};
    if (is_known_text(handler_, expression)) return Kept{Kept::As::known_text, {}};
    const auto* call = std::get_if<language::LibraryCall>(&expression.node);
    if (call == nullptr || tapset::number_name_of(call->function) == nullptr)
      return tl::unexpected(std::string("it makes a text"));
    if (Reason reason = about(*call->arguments[0])) return tl::unexpected(std::move(*reason));
    return Kept{Kept::As::made_text, call->function};
  }

 private:
  static const language::Place* element_of(const Expr& expression) {
    const auto* load = std::get_if<language::Load>(&expression.node);
    return load && !load->place.keys.empty() ? &load->place : nullptr;
  }

  static bool looks_into_array(const Expr& expression) {
    return std::holds_alternative<language::Contains>(expression.node) ||
           element_of(expression) != nullptr;
  }

  static bool is_clock(const Expr& expression) {
    const auto* call = std::get_if<language::LibraryCall>(&expression.node);
    const std::optional<EventPart> part = call ? part_of(call->function) : std::nullopt;
    return part && std::holds_alternative<EventClock>(*part);
  }

  Reason about_lookup(const language::Contains& node) const {
    if (scope_.is_of_threads(node.global)) return about_key_of_thread(node.keys);
    if (Reason reason = reads_global(node.global)) return reason;
    const language::Global& global = program_.globals[node.global];
    if (scope_.entries_of(global) > most_entries)
      return fmt::format("{} has room for too many entries", global.name);
    return about_key(node.keys);
  }

  Reason about_element(const language::Place& place) const {
    if (scope_.is_of_threads(place.index)) return about_key_of_thread(place.keys);
    return fmt::format("it reads an element of {}", program_.globals[place.index].name);
  }

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
    const bool divides = node.op == BinaryOp::divide || node.op == BinaryOp::modulo;
    if (divides && !is_positive(*node.right))
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
    if (const FieldLayout* field = as_field(part); field && is_filterable(*field))
      return std::nullopt;
    if (scope_.part == Part::handler && part && std::holds_alternative<EventClock>(*part))
      return std::nullopt;
    return fmt::format("`{}()` is answered there", tapset::row(node.function).name);
  }

  Reason of(const language::Load& node) const { return reads(node.place); }
  Reason of(const language::Extract& node) const { return reads(node.statistic); }
  Reason of(const language::Bucket& node) const { return reads(node.statistic); }
  Reason of(const language::Contains&) const { return std::nullopt; }  // about_lookup() has it
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
    if (scope_.part == Part::handler) return std::nullopt;
    return fmt::format("it reads the local {}", handler_.locals[place.index].name);
  }
  Reason reads_global(std::uint32_t global) const {
    if (!scope_.settled.empty() && scope_.settled[global]) return std::nullopt;
    return fmt::format("it reads the global {}", program_.globals[global].name);
  }

  static bool is_positive(const Expr& expression) {
    const auto* number = std::get_if<language::NumberLiteral>(&expression.node);
    return number != nullptr && number->value > 0;
  }

  static bool is_literal(const Expr& expression) {
    return std::holds_alternative<StringLiteral>(expression.node);
  }

  const language::TypedProgram& program_;
  const language::Handler& handler_;
  const KernelScope& scope_;
};

}  // namespace

std::optional<std::string> why_not_in_kernel(const language::TypedProgram& program,
                                             const language::Handler& handler,
                                             const Expr& expression, const KernelScope& scope) {
  if (Reason reason = Question(program, handler, scope).about(expression)) return reason;
  if (values_at_once(expression) > most_values_at_once) return "it is nested too deep";
  return std::nullopt;
}

tl::expected<Kept, std::string> how_kept(const language::TypedProgram& program,
                                         const language::Handler& handler, const Expr& expression,
                                         const KernelScope& scope) {
  auto kept = Question(program, handler, scope).kept(expression);
  if (kept && values_at_once(expression) > most_values_at_once)
    return tl::unexpected(std::string("it is nested too deep"));
  return kept;
}

std::optional<std::string> why_no_own_key(const language::TypedProgram& program,
                                          const language::Handler& handler,
                                          const std::vector<language::ExprPtr>& keys,
                                          const KernelScope& scope) {
  if (Reason reason = Question(program, handler, scope).about_key_of_thread(keys)) return reason;
  const bool too_deep = std::ranges::any_of(
      keys, [](const auto& key) { return values_at_once(*key) > most_values_at_once; });
  return too_deep ? Reason("it is nested too deep") : std::nullopt;
}

std::string_view known_text(const Expr& expression, const tapset::ProbePoint& point) {
  if (const auto* literal = std::get_if<StringLiteral>(&expression.node)) return literal->value;
  const auto& variable = std::get<language::EventVariable>(expression.node);
  return point.find(variable.variable) == nullptr ? std::string_view() : point.label;
}

void intern_texts(const language::Handler& handler, const Expr& expression, Tables& tables) {
  for (const language::Point& point : handler.points) {
    const auto* tap = std::get_if<const tapset::ProbePoint*>(&point.trigger);
    if (tap == nullptr) continue;
    const std::string_view text = known_text(expression, **tap);
    if (std::ranges::find(tables.texts, text) == tables.texts.end())
      tables.texts.emplace_back(text);
  }
}

}  // namespace socktap::plan
