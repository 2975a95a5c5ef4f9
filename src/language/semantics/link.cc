// Which files of a tapset a script needs, as SystemTap decides it: those that declare something
// that it mentions. Files are taken whole, their probes with them.
#include <functional>
#include <iterator>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "language/language.h"
#include "language/semantics/ast_walk.h"
#include "language/semantics/point_name.h"
#include "tapset/functions.h"

namespace socktap::language {
namespace {

using semantics::for_each_child;

// Calls `visit` with every name of a variable or function below a node, as a std::string&: a tree
// may be renamed by it.
class Names {
 public:
  explicit Names(std::function<void(std::string&)> visit) : visit_(std::move(visit)) {}

  void walk(ast::Expr& expression) {
    if (auto* name = std::get_if<ast::Name>(&expression.node)) visit_(name->text);
    if (auto* call = std::get_if<ast::Call>(&expression.node)) visit_(call->function);
    if (auto* in = std::get_if<ast::In>(&expression.node)) visit_(in->array);
    for_each_child(expression, [this](ast::Expr& child) { walk(child); });
  }

  void walk(ast::Stmt& statement) {
    if (auto* loop = std::get_if<ast::Foreach>(&statement.node)) {
      for (ast::Foreach::Binding& key : loop->keys) visit_(key.name);
      if (loop->value) visit_(loop->value->name);
    }
    if (auto* guarded = std::get_if<ast::Try>(&statement.node))
      if (guarded->message) visit_(*guarded->message);
    for_each_child(
        statement, [this](ast::Expr& child) { walk(child); },
        [this](ast::Stmt& child) { walk(child); });
  }

  void walk(ast::Script& script) {
    for (ast::Function& function : script.functions) {
      for (ast::Parameter& parameter : function.parameters) visit_(parameter.name);
      walk_if_any(function.body);
    }
    for (ast::Probe& probe : script.probes) {
      walk_conditions(probe.points);
      walk_if_any(probe.body);
    }
    for (ast::Alias& alias : script.aliases) {
      walk_conditions(alias.points);
      walk_if_any(alias.body);
      walk_if_any(alias.epilogue_body);
    }
  }

 private:
  void walk_if_any(const ast::StmtPtr& body) {
    if (body) walk(*body);
  }

  // Points of one braced spelling share theirs.
  void walk_conditions(const std::vector<ast::Point>& points) {
    const ast::Expr* last = nullptr;
    for (const ast::Point& point : points) {
      if (point.condition && point.condition.get() != last) walk(*point.condition);
      last = point.condition.get();
    }
  }

  std::function<void(std::string&)> visit_;
};

// What nobody outside of the file can name gets a name that nobody can write.
void hide_private_names(ast::Script& script, std::size_t file) {
  std::unordered_set<std::string> hidden;
  for (const ast::Global& global : script.globals)
    if (global.is_private) hidden.insert(global.name);
  for (const ast::Function& function : script.functions)
    if (function.is_private) hidden.insert(function.name);
  if (hidden.empty()) return;
  const auto rename = [&](std::string& name) {
    if (hidden.contains(name)) name += "@" + std::to_string(file);
  };
  Names(rename).walk(script);
  for (ast::Global& global : script.globals) rename(global.name);
  for (ast::Function& function : script.functions) rename(function.name);
}

// What a script mentions and what it declares, while files are added to it.
class Needs {
 public:
  void add(ast::Script& script) {
    for (const ast::Global& global : script.globals) declared_.insert(global.name);
    for (const ast::Function& function : script.functions) declared_.insert(function.name);
    Names([this](std::string& name) { names_.insert(name); }).walk(script);
    for (const ast::Probe& probe : script.probes) add(probe.points);
    for (const ast::Alias& alias : script.aliases) add(alias.points);
  }

  bool any_of(const ast::Script& file) const {
    for (const ast::Global& global : file.globals)
      if (!global.is_private && is_missing(global.name)) return true;
    for (const ast::Function& function : file.functions)
      if (!function.is_private && is_missing(function.name)) return true;
    for (const ast::Alias& alias : file.aliases)
      if (is_mentioned(alias.name)) return true;
    return false;
  }

 private:
  // Built-in functions stay what they are.
  bool is_missing(const std::string& name) const {
    return names_.contains(name) && !declared_.contains(name) &&
           tapset::find_function(name) == nullptr;
  }

  void add(const std::vector<ast::Point>& points) {
    for (const ast::Point& point : points) {
      std::vector<const ast::PointComponent*> components;
      for (const ast::PointComponent& component : point.components) {
        components.push_back(&component);
        points_.insert(semantics::dotted(components));  // what follows an alias is its suffix
      }
    }
  }

  bool is_mentioned(const std::string& alias) const {
    if (points_.contains(alias)) return true;
    for (const std::string& point : points_)
      if (point.find('*') != std::string::npos && semantics::matches(point, alias)) return true;
    return false;
  }

  std::unordered_set<std::string> names_, declared_, points_;
};

template <typename T>
void move_to_end(std::vector<T>& all, std::vector<T>& more) {
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

// C between the declarations only serves functions in C, and these are refused one by one.
void mark_as_tapsets(ast::Script& file) {
  file.embedded_code.clear();
  for (ast::Global& global : file.globals) global.of_tapset = true;
  for (ast::Function& function : file.functions) function.of_tapset = true;
}

void append(ast::Script& script, ast::Script more) {
  move_to_end(script.globals, more.globals);
  move_to_end(script.functions, more.functions);
  move_to_end(script.aliases, more.aliases);
  move_to_end(script.probes, more.probes);
  move_to_end(script.embedded_code, more.embedded_code);
}

void link(ast::Script& script, std::vector<ast::Script> tapset) {
  Needs needs;
  needs.add(script);
  std::vector<bool> is_taken(tapset.size());
  for (bool more = true; more;) {
    more = false;
    for (std::size_t i = 0; i < tapset.size(); ++i) {
      if (is_taken[i] || !needs.any_of(tapset[i])) continue;
      is_taken[i] = more = true;
      hide_private_names(tapset[i], i);
      mark_as_tapsets(tapset[i]);
      needs.add(tapset[i]);
      append(script, std::move(tapset[i]));
    }
  }
}

std::vector<ast::Script> parse_tapset(SourceMap& sources, const Invocation& invocation,
                                      Diagnostics& diagnostics) {
  std::vector<ast::Script> files;
  for (const std::uint32_t source : invocation.tapset_sources) {
    auto file = parse(sources, source, invocation);
    if (file.value) {
      files.push_back(std::move(*file.value));
      continue;
    }
    const Diagnostic& reason = file.diagnostics.all().front();
    diagnostics.add({"tapset-file-in-error",
                     Severity::warning,
                     reason.span,
                     reason.message + ": this file of the tapset is left out",
                     reason.hint,
                     {}});
  }
  return files;
}

}  // namespace

Outcome<ast::Script> parse_whole(SourceMap& sources, const std::vector<std::uint32_t>& texts,
                                 const Invocation& invocation) {
  Outcome<ast::Script> whole{ast::Script(), {}};
  for (const std::uint32_t text : texts) {
    auto more = parse(sources, text, invocation);
    whole.diagnostics.append(std::move(more.diagnostics));
    if (more.value) append(*whole.value, std::move(*more.value));
  }
  if (!whole.diagnostics.has_errors())
    link(*whole.value, parse_tapset(sources, invocation, whole.diagnostics));
  else
    whole.value.reset();
  return whole;
}

}  // namespace socktap::language
