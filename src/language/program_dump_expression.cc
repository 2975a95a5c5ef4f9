#include "language/program_dump_expression.h"

#include <fmt/format.h>

#include "language/literal.h"
#include "language/semantics/statistic_names.h"
#include "language/spelling.h"

namespace socktap::language {
namespace {

class ExpressionDumper {
 public:
  explicit ExpressionDumper(DumpScope scope) : scope_(scope) {}

  std::string operator()(const NumberLiteral& e) const { return std::to_string(e.value); }
  std::string operator()(const StringLiteral& e) const { return quoted(e.value); }
  std::string operator()(const Load& e) const { return place(e.place); }
  std::string operator()(const EventVariable& e) const {
    return fmt::format("{}{}", scope_.marks_variables ? "event." : "",
                       tapset::row(e.variable).name);
  }
  std::string operator()(const Unary& e) const {
    return fmt::format("({}{})", ast::spelling(e.op), text(e.operand));
  }
  std::string operator()(const Binary& e) const {
    return fmt::format("({} {} {})", text(e.left), ast::spelling(e.op), text(e.right));
  }
  std::string operator()(const Conditional& e) const {
    return fmt::format("({} ? {} : {})", text(e.condition), text(e.then), text(e.otherwise));
  }
  std::string operator()(const Assign& e) const {
    return fmt::format("({} {} {})", place(e.target), ast::spelling(e.op), text(e.value));
  }
  std::string operator()(const Increment& e) const {
    const std::string_view op = e.delta > 0 ? "++" : "--";
    return e.prefix ? fmt::format("({}{})", op, place(e.target))
                    : fmt::format("({}{})", place(e.target), op);
  }
  std::string operator()(const Contains& e) const {
    return fmt::format("({} in ${})", dump_keys(e.keys, scope_),
                       scope_.program.globals[e.global].name);
  }
  std::string operator()(const Match& e) const {
    return fmt::format("({} {} {})", text(e.subject), e.negated ? "!~" : "=~", quoted(e.pattern));
  }
  std::string operator()(const Call& e) const {
    return fmt::format("{}#{}({})", scope_.program.functions[e.function].name, e.function,
                       list(e.arguments));
  }
  std::string operator()(const LibraryCall& e) const {
    return fmt::format("{}({})", tapset::row(e.function).name, list(e.arguments));
  }
  std::string operator()(const Extract& e) const {
    const std::string shift = e.shift == 0 ? "" : fmt::format(", {}", e.shift);
    return fmt::format("{}({}{})", stat_function_name(e.function), place(e.statistic), shift);
  }
  std::string operator()(const Bucket& e) const {
    return fmt::format("histogram({})[{}]", place(e.statistic), text(e.index));
  }
  std::string operator()(const HistogramText& e) const {
    return fmt::format("histogram({})", place(e.statistic));
  }
  std::string operator()(const Print& e) const {
    std::string out = e.to_string ? "sprint" : "print";
    if (e.format) out += "f";
    if (e.delimiter) out += "d";
    if (e.newline) out += "ln";
    std::string arguments;
    if (e.format) arguments = quoted(*e.format);
    if (e.delimiter) arguments = text(e.delimiter);
    if (!arguments.empty() && !e.arguments.empty()) arguments += ", ";
    return out + "(" + arguments + list(e.arguments) + ")";
  }

 private:
  std::string text(const ExprPtr& e) const { return dump_expression(*e, scope_); }
  std::string place(const Place& p) const { return dump_place(p, scope_); }
  std::string list(const std::vector<ExprPtr>& expressions) const {
    std::string out;
    for (const ExprPtr& expression : expressions) {
      if (!out.empty()) out += ", ";
      out += expression ? text(expression) : "*";
    }
    return out;
  }

  DumpScope scope_;
};

}  // namespace

std::string dump_expression(const Expr& expression, DumpScope scope) {
  return std::visit(ExpressionDumper(scope), expression.node);
}

std::string dump_place(const Place& place, DumpScope scope) {
  if (place.kind == Place::Kind::local) return scope.locals[place.index].name;
  return "$" + scope.program.globals[place.index].name +
         (place.keys.empty() ? std::string() : dump_keys(place.keys, scope));
}

std::string dump_keys(const std::vector<ExprPtr>& keys, DumpScope scope) {
  std::string out;
  for (const ExprPtr& key : keys)
    out.append(out.empty() ? "[" : ", ").append(key ? dump_expression(*key, scope) : "*");
  return out + "]";
}

std::string_view stat_function_name(StatFunction function) { return semantics::name_of(function); }

}  // namespace socktap::language
