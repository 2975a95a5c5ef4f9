#include "language/semantics/global_uses.h"

#include <optional>
#include <vector>

#include "base/overloaded.h"
#include "language/semantics/effects.h"
#include "language/semantics/typed_nodes.h"
#include "language/typed_children.h"
#include "language/walk.h"

namespace socktap::language::semantics {
namespace {

class Uses {
 public:
  explicit Uses(TypedProgram& program)
      : program_(program), is_reached_(program.functions.size(), false) {
    for (Global& global : program.globals) global.is_read = global.is_written = false;
  }

  void note_all() {
    for (const Handler& handler : program_.handlers) {
      note(handler.condition);
      if (handler.body) note(*handler.body);
    }
    while (!reached_.empty()) {
      const std::uint32_t function = reached_.back();
      reached_.pop_back();
      if (program_.functions[function].body) note(*program_.functions[function].body);
    }
  }

 private:
  void note(const Stmt& statement) {
    if (const auto* evaluate = std::get_if<Evaluate>(&statement.node)) {
      note_effect(evaluate->expression);
      return;
    }
    if (const auto* loop = std::get_if<Loop>(&statement.node)) {
      note_effect(loop->init), note(loop->condition), note_effect(loop->step), note(loop->body);
      return;
    }
    if (const auto* loop = std::get_if<Foreach>(&statement.node))
      program_.globals[loop->global].is_read = true;
    if (const auto* removal = std::get_if<Delete>(&statement.node)) read(removal->target);
    for_each_child(
        statement, [this](const ExprPtr& child) { note(child); },
        [this](const StmtPtr& child) { note(child); });
  }

  void note(const StmtPtr& statement) {
    if (statement) note(*statement);
  }

  void note(const ExprPtr& expression) {
    if (expression) walk(*expression, [this](const Expr& each) { note_one(each, true); });
  }

  // Nobody asks for its value.
  void note_effect(const ExprPtr& expression) {
    if (!expression) return;
    walk(*expression,
         [&](const Expr& each) { note_one(each, /*asks_value=*/&each != expression.get()); });
  }

  void note_one(const Expr& expression, bool asks_value) {
    std::visit(Overloaded{
                   [&](const Load& e) { read(e.place); },
                   [&](const Increment& e) {
                     write(e.target);
                     if (asks_value) read(e.target);
                   },
                   [&](const Assign& e) {
                     write(e.target);
                     if (asks_value && e.op != AssignOp::set && e.op != AssignOp::accumulate)
                       read(e.target);
                   },
                   [&](const Contains& e) { program_.globals[e.global].is_read = true; },
                   [&](const Extract& e) { read(e.statistic); },
                   [&](const Bucket& e) { read(e.statistic); },
                   [&](const HistogramText& e) { read(e.statistic); },
                   [&](const Call& e) { reach(e.function); },
                   [](const auto&) {},
               },
               expression.node);
  }

  void reach(std::uint32_t function) {
    for (std::optional<std::uint32_t> each = function; each && !is_reached_[*each];
         each = falls_through_to(program_.functions[*each])) {
      is_reached_[*each] = true;
      reached_.push_back(*each);
    }
  }

  void read(const Place& place) {
    if (!is_local(place)) program_.globals[place.index].is_read = true;
  }

  void write(const Place& place) {
    if (!is_local(place)) program_.globals[place.index].is_written = true;
  }

  TypedProgram& program_;
  std::vector<bool> is_reached_;
  std::vector<std::uint32_t> reached_;
};

}  // namespace

void note_global_uses(TypedProgram& program) { Uses(program).note_all(); }

}  // namespace socktap::language::semantics
