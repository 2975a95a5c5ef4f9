#include <fmt/format.h>

#include "language/ast_dump.h"
#include "language/literal.h"
#include "language/spelling.h"

namespace socktap::language::ast {
namespace {

struct ExpressionDump {
  std::string operator()(const Number& node) const { return std::to_string(node.value); }
  std::string operator()(const String& node) const { return quoted(node.value); }
  std::string operator()(const Name& node) const { return node.text; }
  std::string operator()(const TargetVariable& node) const { return node.text; }
  std::string operator()(const EmbeddedC& node) const { return node.text; }
  std::string operator()(const Subscript& node) const {
    return fmt::format("{}[{}]", dump(*node.base), dump_list(node.keys));
  }
  std::string operator()(const Unary& node) const {
    return fmt::format("({}{})", spelling(node.op), dump(*node.operand));
  }
  std::string operator()(const Binary& node) const {
    return fmt::format("({} {} {})", dump(*node.left), spelling(node.op), dump(*node.right));
  }
  std::string operator()(const Conditional& node) const {
    return fmt::format("({} ? {} : {})", dump(*node.condition), dump(*node.then),
                       dump(*node.otherwise));
  }
  std::string operator()(const Assign& node) const {
    return fmt::format("({} {} {})", dump(*node.target), spelling(node.op), dump(*node.value));
  }
  std::string operator()(const Increment& node) const {
    const std::string_view sign = node.delta > 0 ? "++" : "--";
    return node.prefix ? fmt::format("({}{})", sign, dump(*node.target))
                       : fmt::format("({}{})", dump(*node.target), sign);
  }
  std::string operator()(const In& node) const {
    const bool tuple = node.keys.size() != 1 || !node.keys.front();
    const std::string keys = dump_list(node.keys);
    return fmt::format("({} in {})", tuple ? "[" + keys + "]" : keys, node.array);
  }
  std::string operator()(const Match& node) const {
    return fmt::format("({} {} {})", dump(*node.subject), node.negated ? "!~" : "=~",
                       quoted(node.pattern));
  }
  std::string operator()(const Call& node) const {
    return fmt::format("{}({})", node.function, dump_list(node.arguments));
  }
  std::string operator()(const AtOperator& node) const {
    return fmt::format("{}({})", node.name, dump_list(node.arguments));
  }
};

}  // namespace

std::string dump_list(const std::vector<ExprPtr>& expressions) {
  std::string out;
  for (const ExprPtr& expression : expressions) {
    if (!out.empty()) out += ", ";
    out += expression ? dump(*expression) : "*";
  }
  return out;
}

std::string dump(const Expr& expression) { return std::visit(ExpressionDump{}, expression.node); }

std::string Point::text() const {
  std::string out;
  for (const PointComponent& component : components) {
    if (!out.empty()) out += '.';
    out += component.name;
    if (component.argument) out += "(" + dump(*component.argument) + ")";
  }
  return out;
}

std::string dump_marks(const Point& point) {
  std::string out = point.sufficient ? "!" : point.optional ? "?" : "";
  if (point.condition) out += " if (" + dump(*point.condition) + ")";
  return out;
}

}  // namespace socktap::language::ast
