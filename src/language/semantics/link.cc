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

using VisitName = std::function<void(std::string&)>;

// Calls one visitor with every name of a variable below a node, the other with every name of a
// function, which are two spaces of names: a tree may be renamed by them.
class Names {
 public:
  Names(VisitName variable, VisitName function)
      : visit_(std::move(variable)), visit_function_(std::move(function)) {}

  void walk(ast::Expr& expression) {
    if (auto* name = std::get_if<ast::Name>(&expression.node)) visit_(name->text);
    if (auto* call = std::get_if<ast::Call>(&expression.node)) visit_function_(call->function);
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

  VisitName visit_, visit_function_;
};

// What nobody outside of a text can name gets a name that nobody can write.
void hide_private_names(ast::Script& script, std::size_t text) {
  std::unordered_set<std::string> globals, functions;
  for (const ast::Global& global : script.globals)
    if (global.is_private) globals.insert(global.name);
  for (const ast::Function& function : script.functions)
    if (function.is_private) functions.insert(function.name);
  if (globals.empty() && functions.empty()) return;
  const auto renaming = [mark = "@" + std::to_string(text)](const auto& hidden) {
    return [&hidden, mark](std::string& name) {
      if (hidden.contains(name)) name += mark;
    };
  };
  const VisitName rename_global = renaming(globals), rename_function = renaming(functions);
  Names(rename_global, rename_function).walk(script);
  for (ast::Global& global : script.globals) rename_global(global.name);
  for (ast::Function& function : script.functions) rename_function(function.name);
}

// What a script mentions and what it declares, while files are added to it.
class Needs {
 public:
  void add(ast::Script& script) {
    for (const ast::Global& global : script.globals) globals_.declare(global.name);
    for (const ast::Function& function : script.functions) functions_.declare(function.name);
    Names([this](std::string& name) { globals_.mention(name); },
          [this](std::string& name) { functions_.mention(name); })
        .walk(script);
    for (const ast::Probe& probe : script.probes) add(probe.points);
    for (const ast::Alias& alias : script.aliases) add(alias.points);
  }

  bool any_of(const ast::Script& file) const {
    for (const ast::Global& global : file.globals)
      if (!global.is_private && globals_.misses(global.name)) return true;
    for (const ast::Function& function : file.functions)
      if (!function.is_private && functions_.misses(function.name) &&
          tapset::find_function(function.name) == nullptr)  // built-in ones stay what they are
        return true;
    for (const ast::Alias& alias : file.aliases)
      if (is_mentioned(alias.name)) return true;
    return false;
  }

 private:
  // One space of names.
  class Space {
   public:
    void declare(const std::string& name) { declared_.insert(name); }
    void mention(const std::string& name) { mentioned_.insert(name); }
    bool misses(const std::string& name) const {
      return mentioned_.contains(name) && !declared_.contains(name);
    }

   private:
    std::unordered_set<std::string> mentioned_, declared_;
  };

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

  Space globals_, functions_;
  std::unordered_set<std::string> points_;  // that are mentioned
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

// Moves into a script those files of a tapset that declare something that it mentions and neither
// it nor the built-in library declares, and those that these need in turn.
void link(ast::Script& script, std::vector<ast::Script> tapset) {
  Needs needs;
  needs.add(script);
  std::vector<bool> is_taken(tapset.size());
  for (bool more = true; more;) {
    more = false;
    for (std::size_t i = 0; i < tapset.size(); ++i) {
      if (is_taken[i] || !needs.any_of(tapset[i])) continue;
      is_taken[i] = more = true;
      needs.add(tapset[i]);
      append(script, std::move(tapset[i]));
    }
  }
}

void warn_of_file(const Diagnostic& reason, Diagnostics& diagnostics) {
  diagnostics.add({"tapset-file-in-error",
                   Severity::warning,
                   reason.span,
                   reason.message + ": this file of the tapset is left out",
                   reason.hint,
                   {}});
}

// The texts that define macros and nothing else.
std::vector<std::uint32_t> usable_macros(SourceMap& sources, const Invocation& invocation,
                                         Diagnostics& diagnostics) {
  Invocation alone = invocation;
  alone.macro_sources.clear();
  std::vector<std::uint32_t> usable;
  for (const std::uint32_t source : invocation.macro_sources) {
    auto tokens = lex(sources, source);
    if (tokens.value) tokens = preprocess(std::move(*tokens.value), sources, alone);
    if (!tokens.value) {
      warn_of_file(tokens.diagnostics.all().front(), diagnostics);
    } else if (tokens.value->size() > 1) {  // the end is a token, too
      warn_of_file({"tapset-file-in-error",
                    Severity::warning,
                    tokens.value->front().span,
                    "a file of macros holds `@define`s only",
                    "",
                    {}},
                   diagnostics);
    } else {
      usable.push_back(source);
    }
  }
  return usable;
}

}  // namespace

Outcome<ast::Script> parse_whole(SourceMap& sources, const std::vector<std::uint32_t>& texts,
                                 Invocation invocation) {
  Outcome<ast::Script> whole{ast::Script(), {}};
  invocation.macro_sources = usable_macros(sources, invocation, whole.diagnostics);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    auto more = parse(sources, texts[i], invocation);
    whole.diagnostics.append(std::move(more.diagnostics));
    if (!more.value) continue;
    if (i > 0) hide_private_names(*more.value, i);
    append(*whole.value, std::move(*more.value));
  }
  std::vector<ast::Script> tapset;
  for (const std::uint32_t source : invocation.tapset_sources) {
    auto file = parse(sources, source, invocation);
    if (!file.value) {
      warn_of_file(file.diagnostics.all().front(), whole.diagnostics);
      continue;
    }
    hide_private_names(*file.value, texts.size() + tapset.size());
    mark_as_tapsets(*file.value);
    tapset.push_back(std::move(*file.value));
  }
  if (whole.diagnostics.has_errors())
    whole.value.reset();
  else
    link(*whole.value, std::move(tapset));
  return whole;
}

}  // namespace socktap::language
