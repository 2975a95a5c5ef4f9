// The typed program as text: what `explain --dump=types` prints and golden tests compare.
#include <fmt/format.h>

#include "base/overloaded.h"
#include "language/literal.h"
#include "language/program_dump_expression.h"
#include "language/typed_program.h"

namespace socktap::language {
namespace {

class ProgramDumper {
 public:
  explicit ProgramDumper(const TypedProgram& program) : program_(program) {}

  std::string dump() {
    for (const Global& global : program_.globals) dump_global(global);
    for (const Function& function : program_.functions) dump_function(function);
    for (const Handler& handler : program_.handlers) dump_handler(handler);
    return std::move(out_);
  }

 private:
  void dump_global(const Global& global);
  void dump_function(const Function& function);
  void dump_handler(const Handler& handler);
  void dump_locals(const std::vector<Local>& locals, std::size_t first);
  void dump(const Stmt& statement);
  void dump_body(const StmtPtr& body, std::string_view intro);
  void dump_foreach(const Foreach& loop);
  std::string foreach_head(const Foreach& loop) const;

  std::string text(const ExprPtr& expression) const {
    return expression ? dump_expression(*expression, {program_, *locals_}) : std::string();
  }
  void line(const std::string& content) {
    out_.append(depth_ * 2, ' ').append(content).append("\n");
  }

  const TypedProgram& program_;
  const std::vector<Local>* locals_ = nullptr;
  std::size_t depth_ = 0;
  std::string out_;
};

std::string histogram_text(const Histogram& histogram) {
  switch (histogram.kind) {
    case Histogram::Kind::log:
      return " hist_log";
    case Histogram::Kind::linear:
      return fmt::format(" hist_linear({}, {}, {})", histogram.low, histogram.high,
                         histogram.width);
    case Histogram::Kind::none:
      break;
  }
  return "";
}

std::string trigger_text(const Trigger& trigger) {
  if (const auto* timer = std::get_if<Timer>(&trigger))
    return timer->randomize_ns == 0
               ? fmt::format("every {} ns", timer->period_ns)
               : fmt::format("every {} ns +- {}", timer->period_ns, timer->randomize_ns);
  return "";
}

void ProgramDumper::dump_global(const Global& global) {
  std::string content = "global " + global.name;
  for (std::size_t i = 0; i < global.keys.size(); ++i)
    content.append(i == 0 ? "[" : ", ").append(type_keyword(global.keys[i]));
  if (global.is_array()) content += "]";
  content.append(": ").append(type_keyword(global.type)).append(histogram_text(global.histogram));
  if (global.keeps_variance) content += fmt::format(" variance({})", global.variance_shift);
  if (const auto* number = std::get_if<std::int64_t>(&global.initial))
    content += fmt::format(" = {}", *number);
  if (const auto* text = std::get_if<std::string>(&global.initial))
    content += " = " + quoted(*text);
  if (global.max_entries) content += fmt::format(" max {}", *global.max_entries);
  if (global.wraps) content += " wraps";
  if (global.is_shown_at_end) content += " printed at the end";
  line(content);
}

void ProgramDumper::dump_locals(const std::vector<Local>& locals, std::size_t first) {
  for (std::size_t i = first; i < locals.size(); ++i)
    line(fmt::format("local {}: {}", locals[i].name, type_keyword(locals[i].type)));
}

void ProgramDumper::dump_function(const Function& function) {
  std::string parameters;
  for (std::size_t i = 0; i < function.parameter_count; ++i)
    parameters += fmt::format("{}{}: {}", i == 0 ? "" : ", ", function.locals[i].name,
                              type_keyword(function.locals[i].type));
  const std::string result =
      function.result == Type::none ? "" : fmt::format(": {}", type_keyword(function.result));
  const std::string overload =
      function.overload ? fmt::format(" next {}#{}", program_.functions[*function.overload].name,
                                      *function.overload)
                        : "";
  line(fmt::format("function {}({}){}{}", function.name, parameters, result, overload));
  locals_ = &function.locals;
  ++depth_;
  dump_locals(function.locals, function.parameter_count);
  dump(*function.body);
  --depth_;
}

void ProgramDumper::dump_handler(const Handler& handler) {
  locals_ = &handler.locals;
  for (std::size_t i = 0; i < handler.points.size(); ++i) {
    const Point& point = handler.points[i];
    const std::string trigger = trigger_text(point.trigger);
    line(fmt::format("{} {}{}{}", i == 0 ? "probe" : "    ,", point.text,
                     trigger.empty() ? "" : " ", trigger));
  }
  ++depth_;
  if (handler.condition) line("if " + text(handler.condition));
  dump_locals(handler.locals, 0);
  dump(*handler.body);
  --depth_;
}

void ProgramDumper::dump_body(const StmtPtr& body, std::string_view intro) {
  line(std::string(intro));
  ++depth_;
  if (body) dump(*body);
  --depth_;
}

void ProgramDumper::dump(const Stmt& statement) {
  std::visit(Overloaded{
                 [&](const Block& s) {
                   for (const StmtPtr& child : s.statements) dump(*child);
                 },
                 [&](const Evaluate& s) { line(text(s.expression)); },
                 [&](const If& s) {
                   dump_body(s.then, "if " + text(s.condition));
                   if (s.otherwise) dump_body(s.otherwise, "else");
                 },
                 [&](const Loop& s) {
                   const bool is_while = !s.init && !s.step;
                   dump_body(s.body, is_while ? "while " + text(s.condition)
                                              : fmt::format("for {}; {}; {}", text(s.init),
                                                            text(s.condition), text(s.step)));
                 },
                 [&](const Foreach& s) { dump_body(s.body, foreach_head(s)); },
                 [&](const Break&) { line("break"); },
                 [&](const Continue&) { line("continue"); },
                 [&](const Next&) { line("next"); },
                 [&](const Return& s) { line(s.value ? "return " + text(s.value) : "return"); },
                 [&](const Delete& s) {
                   line("delete " + dump_place(s.target, {program_, *locals_}));
                 },
                 [&](const Try& s) {
                   dump_body(s.body, "try");
                   dump_body(s.handler, s.message
                                            ? fmt::format("catch {}", (*locals_)[*s.message].name)
                                            : std::string("catch"));
                 },
             },
             statement.node);
}

std::string ProgramDumper::foreach_head(const Foreach& loop) const {
  std::string head = "foreach ";
  if (loop.value) head += (*locals_)[*loop.value].name + " = ";
  for (std::size_t i = 0; i < loop.keys.size(); ++i)
    head.append(i == 0 ? "[" : ", ").append((*locals_)[loop.keys[i]].name);
  head += "] in ";
  const DumpScope scope{program_, *locals_};
  head += loop.histogram ? "histogram of " + dump_place(*loop.histogram, scope)
                         : program_.globals[loop.global].name;
  if (!loop.slice.empty()) head += dump_keys(loop.slice, scope);
  const std::string_view order = loop.descending ? "descending" : "ascending";
  switch (loop.sort_by) {
    case Foreach::SortBy::nothing:
      break;
    case Foreach::SortBy::key:
      head += fmt::format(" by key {} {}", loop.sort_column + 1, order);
      break;
    case Foreach::SortBy::value:
      head += fmt::format(" by value {}", order);
      break;
    case Foreach::SortBy::statistic:
      head += fmt::format(" by {} {}", stat_function_name(loop.sort_function), order);
      break;
  }
  if (loop.limit) head += " limit " + text(loop.limit);
  return head;
}

}  // namespace

std::string dump(const TypedProgram& program) { return ProgramDumper(program).dump(); }

}  // namespace socktap::language
