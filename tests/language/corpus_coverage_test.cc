// Whether the corpus leaves anything of the language out. Each library function, kind of statement,
// operator and conversion of printf has a script in which it works, of `run` or `semok`, and one in
// which something is wrong with it, of `semko`: the innermost use around the place of the error.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "language/language.h"
#include "language/print_format.h"
#include "language/semantics/ast_walk.h"
#include "language/semantics/print_family.h"
#include "language/spelling.h"
#include "tapset/functions.h"
#include "vm/regex.h"

namespace socktap::tests {
namespace {

namespace fs = std::filesystem;
namespace ast = language::ast;
using Names = std::set<std::string>;

// As ast::Stmt lists them.
constexpr const char* statement_kinds[] = {";",      "{}",      "expression", "if",       "while",
                                           "for",    "foreach", "break",      "continue", "next",
                                           "return", "delete",  "try"};
static_assert(std::size(statement_kinds) == std::variant_size_v<decltype(ast::Stmt::node)>);

// Those that nothing can be wrong with once they are parsed.
bool is_always_right(const std::string& statement) {
  return statement == ";" || statement == "{}" || statement == "break" || statement == "continue" ||
         statement == "next";
}

constexpr int count_of(ast::BinaryOp) { return static_cast<int>(ast::BinaryOp::concatenate) + 1; }
constexpr int count_of(ast::UnaryOp) { return static_cast<int>(ast::UnaryOp::bitwise_not) + 1; }
constexpr int count_of(ast::AssignOp) { return static_cast<int>(ast::AssignOp::accumulate) + 1; }

template <typename Op>
void add_all(Names& names, const std::string& arity) {
  for (int i = 0; i < count_of(Op{}); ++i) {
    names.insert(arity + std::string(ast::spelling(static_cast<Op>(i))));
  }
}

Names all_operators() {
  Names names{"?:", "in", "=~", "!~", "++x", "--x", "x++", "x--"};
  add_all<ast::UnaryOp>(names, "unary ");
  add_all<ast::BinaryOp>(names, "");
  add_all<ast::AssignOp>(names, "");
  return names;
}

std::string operator_of(const ast::Expr& expression) {
  const auto named = Overloaded{
      [](const ast::Unary& e) { return "unary " + std::string(ast::spelling(e.op)); },
      [](const ast::Binary& e) { return std::string(ast::spelling(e.op)); },
      [](const ast::Assign& e) { return std::string(ast::spelling(e.op)); },
      [](const ast::Conditional&) { return std::string("?:"); },
      [](const ast::In&) { return std::string("in"); },
      [](const ast::Match& e) { return std::string(e.negated ? "!~" : "=~"); },
      [](const ast::Increment& e) {
        const std::string sign = e.delta > 0 ? "++" : "--";
        return e.prefix ? sign + "x" : "x" + sign;
      },
      [](const auto&) { return std::string(); },
  };
  return std::visit(named, expression.node);
}

constexpr char conversion_letters[] = "bcdiuoxXpsmM";

std::string letter_names_of(const ast::Expr& format) {
  const auto* text = std::get_if<ast::String>(&format.node);
  const auto parsed = text != nullptr ? language::parse_print_format(text->value)
                                      : language::parse_print_format("");
  std::string letters;
  if (!parsed) return letters;
  for (const auto& piece : parsed->pieces) letters += text->value[piece.conversion.end - 1];
  return letters;
}

// What of the language one place uses.
struct Uses {
  Names functions, statements, operators, conversions;

  void add(const ast::Expr& expression) {
    if (const std::string op = operator_of(expression); !op.empty()) operators.insert(op);
    const auto* call = std::get_if<ast::Call>(&expression.node);
    if (call == nullptr) return;
    functions.insert(call->function);
    const auto* form = language::semantics::find_print(call->function);
    if (form == nullptr || !form->has_format || call->arguments.empty()) return;
    for (const char letter : letter_names_of(*call->arguments[0])) {
      conversions.insert(std::string(1, letter));
    }
  }
  void add(const ast::Stmt& statement) {
    statements.insert(statement_kinds[statement.node.index()]);
  }
};

bool holds(const Span& outer, const Span& place) {
  return outer.source == place.source && outer.begin <= place.begin && place.begin < outer.end;
}

// Adds all uses below a node; or, of the errors' places, the innermost of each category.
class Walker {
 public:
  Walker(Uses& uses, const std::vector<Span>* errors) : uses_(uses), errors_(errors) {}

  void script(const ast::Script& script) {
    for (const ast::Function& function : script.functions) visit(function.body);
    for (const ast::Alias& alias : script.aliases) {
      visit(alias.body);
      visit(alias.epilogue_body);
    }
    for (const ast::Probe& probe : script.probes) {
      for (const ast::Point& point : probe.points) {
        if (point.condition) (*this)(*point.condition);
      }
      visit(probe.body);
    }
    for (const auto& [error, innermost] : innermost_) {
      if (innermost.statement != nullptr) uses_.add(*innermost.statement);
      if (innermost.operation != nullptr) uses_.add(*innermost.operation);
      if (innermost.call != nullptr) uses_.add(*innermost.call);
    }
  }

  void operator()(const ast::Expr& expression) {
    note(expression);
    const auto visit_child = [this](const auto& child) { (*this)(child); };
    language::semantics::for_each_child(expression, visit_child);
  }
  void operator()(const ast::Stmt& statement) {
    note(statement);
    const auto visit_child = [this](const auto& child) { (*this)(child); };
    language::semantics::for_each_child(statement, visit_child, visit_child);
  }

 private:
  struct Innermost {
    const ast::Stmt* statement = nullptr;
    const ast::Expr* operation = nullptr;
    const ast::Expr* call = nullptr;
  };

  void visit(const ast::StmtPtr& body) {
    if (body) (*this)(*body);
  }

  // Children come after their parents, so the last is the innermost.
  template <typename Node>
  void note(const Node& node) {
    if (errors_ == nullptr) return uses_.add(node);
    for (std::size_t i = 0; i < errors_->size(); ++i) {
      if (!holds(node.span, (*errors_)[i])) continue;
      Innermost& innermost = innermost_[i];
      if constexpr (std::is_same_v<Node, ast::Stmt>) {
        innermost.statement = &node;
      } else if (std::holds_alternative<ast::Call>(node.node)) {
        innermost.call = &node;
      } else if (!operator_of(node).empty()) {
        innermost.operation = &node;
      }
    }
  }

  Uses& uses_;
  const std::vector<Span>* errors_;
  std::map<std::size_t, Innermost> innermost_;
};

std::vector<std::string> arguments_of(const std::string& script) {
  std::vector<std::string> arguments;
  std::istringstream lines(script);
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind("# args: ", 0) != 0) continue;
    std::istringstream words(line.substr(8));
    for (std::string word; words >> word;) arguments.push_back(word);
  }
  return arguments;
}

void add_script(const fs::path& path, bool wrong, Uses& uses) {
  std::ifstream file(path);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  SourceMap sources;
  language::Invocation invocation;
  invocation.arguments = arguments_of(text);
  invocation.kernel_release = "6.1.57-13-amd64";
  invocation.architecture = "x86_64";
  invocation.kernel_config.emplace();
  invocation.pattern_error = vm::regex_error;
  const auto parsed = language::parse(sources, sources.add(path.filename(), text), invocation);
  if (!parsed.value) return;
  std::vector<Span> errors;
  if (wrong) {
    const auto checked = language::check(*parsed.value, invocation);
    for (const Diagnostic& diagnostic : checked.diagnostics.all()) {
      if (diagnostic.severity != Severity::warning) errors.push_back(diagnostic.span);
    }
  }
  Walker(uses, wrong ? &errors : nullptr).script(*parsed.value);
}

Uses uses_in(std::initializer_list<const char*> folders, bool wrong) {
  Uses uses;
  for (const char* folder : folders) {
    for (const auto& entry : fs::directory_iterator(fs::path(SOCKTAP_LANGUAGE_CORPUS) / folder)) {
      if (entry.path().extension() == ".stp") add_script(entry.path(), wrong, uses);
    }
  }
  return uses;
}

std::string left_out(const Names& all, const Names& used) {
  std::string text;
  for (const std::string& name : all) {
    if (used.count(name) == 0) text += (text.empty() ? "" : ", ") + name;
  }
  return text;
}

struct Everything {
  Names functions, statements, operators = all_operators(), conversions;

  Everything() {
    for (const auto& row : tapset::functions()) functions.insert(std::string(row.name));
    for (const auto& form : language::semantics::print_forms) {
      functions.insert(std::string(form.name));
    }
    statements.insert(std::begin(statement_kinds), std::end(statement_kinds));
    for (const char letter : std::string_view(conversion_letters)) {
      conversions.insert(std::string(1, letter));
    }
  }
};

TEST(CorpusCoverage, TheLettersAreThoseThatPrintfTakes) {
  for (int letter = 'A'; letter <= 'z'; ++letter) {
    const std::string format = {'%', static_cast<char>(letter)};
    const bool taken = language::parse_print_format(format).has_value();
    EXPECT_EQ(taken, std::string_view(conversion_letters).find(static_cast<char>(letter)) !=
                         std::string_view::npos)
        << format;
  }
}

TEST(CorpusCoverage, EverythingIsUsed) {
  const Everything all;
  const Uses used = uses_in({"run", "semok"}, false);
  EXPECT_EQ(left_out(all.functions, used.functions), "");
  EXPECT_EQ(left_out(all.statements, used.statements), "");
  EXPECT_EQ(left_out(all.operators, used.operators), "");
  EXPECT_EQ(left_out(all.conversions, used.conversions), "");
}

TEST(CorpusCoverage, EverythingIsUsedWrongly) {
  Everything all;
  std::erase_if(all.statements, is_always_right);
  const Uses used = uses_in({"semko"}, true);
  EXPECT_EQ(left_out(all.functions, used.functions), "");
  EXPECT_EQ(left_out(all.statements, used.statements), "");
  EXPECT_EQ(left_out(all.operators, used.operators), "");
  EXPECT_EQ(left_out(all.conversions, used.conversions), "");
}

}  // namespace
}  // namespace socktap::tests
