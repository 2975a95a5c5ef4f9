#include "language/ast_dump.h"

#include <fmt/format.h>

#include <iterator>

namespace socktap::language::ast {
namespace {

// Writes one node a line, two blanks a level.
class TreeDump {
 public:
  std::string script(const Script& script) && {
    for (const EmbeddedCode& code : script.embedded_code) line("{}", code.code.text);
    for (const Global& node : script.globals) global(node);
    for (const Function& node : script.functions) function(node);
    for (const Alias& node : script.aliases) alias(node);
    for (const Probe& node : script.probes) {
      line("probe {}", points(node.points));
      nested(node.body);
    }
    return std::move(out_);
  }

  void operator()(const Empty&) { line(";"); }
  void operator()(const Block& node) {
    line("block");
    ++level_;
    for (const StmtPtr& statement : node.statements) visit(*statement);
    --level_;
  }
  void operator()(const Evaluate& node) { line("{}", dump(*node.expression)); }
  void operator()(const If& node) {
    line("if {}", dump(*node.condition));
    nested(node.then);
    if (!node.otherwise) return;
    line("else");
    nested(node.otherwise);
  }
  void operator()(const While& node) {
    line("while {}", dump(*node.condition));
    nested(node.body);
  }
  void operator()(const For& node) {
    line("for ({}; {}; {})", optional(node.init), optional(node.condition), optional(node.step));
    nested(node.body);
  }
  void operator()(const Foreach& node) {
    std::string head = node.value ? node.value->name + " = " : "";
    head += "[";
    for (std::size_t i = 0; i < node.keys.size(); ++i) {
      head += (i > 0 ? ", " : "") + node.keys[i].name + sorted(node, static_cast<int>(i));
    }
    head += "] in " + dump(*node.container);
    if (!node.sort_function.empty()) head += " " + node.sort_function;
    head += sorted(node, -1);
    if (node.limit) head += " limit " + dump(*node.limit);
    line("foreach ({})", head);
    nested(node.body);
  }
  void operator()(const Break&) { line("break"); }
  void operator()(const Continue&) { line("continue"); }
  void operator()(const Next&) { line("next"); }
  void operator()(const Return& node) {
    line("return{}{}", node.value ? " " : "", optional(node.value));
  }
  void operator()(const Delete& node) { line("delete {}", dump(*node.target)); }
  void operator()(const Try& node) {
    line("try");
    nested(node.body);
    line("catch{}", node.message ? " (" + *node.message + ")" : "");
    nested(node.handler);
  }

 private:
  template <typename... Args>
  void line(fmt::format_string<Args...> format, Args&&... args) {
    out_.append(2 * level_, ' ');
    fmt::format_to(std::back_inserter(out_), format, std::forward<Args>(args)...);
    out_ += '\n';
  }

  void visit(const Stmt& statement) { std::visit(*this, statement.node); }

  // A block's own line says nothing where a body is expected.
  void nested(const StmtPtr& body) {
    ++level_;
    if (const auto* block = std::get_if<Block>(&body->node)) {
      for (const StmtPtr& statement : block->statements) visit(*statement);
    } else {
      visit(*body);
    }
    --level_;
  }

  static std::string optional(const ExprPtr& expression) {
    return expression ? dump(*expression) : "";
  }

  static std::string points(const std::vector<Point>& points) {
    std::string out;
    for (const Point& point : points) {
      if (!out.empty()) out += ", ";
      out += point.text() + dump_marks(point);
    }
    return out;
  }

  // A sort by value is written behind the array, whichever way the script wrote it.
  static std::string sorted(const Foreach& node, int by) {
    if (node.sort_by != by) return "";
    return node.direction == Foreach::Direction::ascending    ? "+"
           : node.direction == Foreach::Direction::descending ? "-"
                                                              : "";
  }

  void global(const Global& node) {
    line("{}global {}{}{}{}", node.is_private ? "private " : "", node.name, node.wraps ? "%" : "",
         node.size ? "[" + dump(*node.size) + "]" : "",
         node.initial ? " = " + dump(*node.initial) : "");
  }

  void function(const Function& node) {
    std::string parameters;
    for (const Parameter& parameter : node.parameters) {
      if (!parameters.empty()) parameters += ", ";
      parameters += parameter.name + type(parameter.type);
    }
    line("{}function {}{} ({}){}", node.is_private ? "private " : "", node.name, type(node.result),
         parameters, node.priority ? ":" + std::to_string(*node.priority) : "");
    if (node.body) return nested(node.body);
    ++level_;
    line("{}", *node.embedded_c);
    --level_;
  }

  void alias(const Alias& node) {
    line("alias {} {} {}", node.name, node.epilogue ? "+=" : "=", points(node.points));
    nested(node.body);
    if (!node.epilogue_body) return;
    line("epilogue");
    nested(node.epilogue_body);
  }

  static std::string type(Type type) {
    return type == Type::none ? "" : ":" + std::string(type_keyword(type));
  }

  std::string out_;
  std::size_t level_ = 0;
};

}  // namespace

std::string dump(const Script& script) { return TreeDump().script(script); }

}  // namespace socktap::language::ast
