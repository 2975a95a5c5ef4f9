#include "plan/threads.h"

#include <algorithm>

#include "base/overloaded.h"
#include "plan/reach.h"

namespace socktap::plan {
namespace {

using language::ExprPtr;

bool is_tid(const ExprPtr& key) {
  const auto* call = key ? std::get_if<language::LibraryCall>(&key->node) : nullptr;
  return call != nullptr && call->function == tapset::Function::tid;
}

// Which of the arrays that a handler names are other than by an element of the thread's.
class Finder {
 public:
  explicit Finder(ThreadArrays& arrays) : arrays_(arrays) {}

  void look(const language::Stmt& statement) {
    if (const auto* removal = std::get_if<language::Delete>(&statement.node)) look(removal->target);
    const auto* loop = std::get_if<language::Foreach>(&statement.node);
    if (loop && !loop->histogram) arrays_[loop->global] = false;
  }

  void look(const language::Expr& expression) {
    std::visit(Overloaded{[&](const language::Load& e) { look(e.place); },
                          [&](const language::Assign& e) { look(e.target); },
                          [&](const language::Increment& e) { look(e.target); },
                          [&](const language::Contains& e) { look(e.global, e.keys); },
                          [](const auto&) {}},
               expression.node);
  }

 private:
  void look(const language::Place& place) {
    if (place.kind == language::Place::Kind::global) look(place.index, place.keys);
  }
  void look(std::uint32_t global, const std::vector<ExprPtr>& keys) {
    if (std::ranges::none_of(keys, is_tid)) arrays_[global] = false;
  }

  ThreadArrays& arrays_;
};

bool is_of_threads(const language::Handler& handler) {
  return std::ranges::all_of(handler.points, [](const language::Point& point) {
    const auto* tap = std::get_if<const tapset::ProbePoint*>(&point.trigger);
    return tap != nullptr && (*tap)->operation != tapset::Operation::close;
  });
}

}  // namespace

ThreadArrays thread_arrays(const language::TypedProgram& program, const SettledGlobals& settled) {
  ThreadArrays arrays;
  for (std::size_t i = 0; i < program.globals.size(); ++i) {
    const language::Global& global = program.globals[i];
    arrays.push_back(global.is_array() && global.type == Type::number && !global.is_shown_at_end &&
                     !settled[i]);
  }
  Finder finder(arrays);
  for (const language::Handler& handler : program.handlers) {
    visit_reached(
        program, handler,
        {.statement = [&finder](const language::Stmt& statement) { finder.look(statement); },
         .expression = [&finder](const language::Expr& expression) { finder.look(expression); }});
    if (is_of_threads(handler)) continue;
    visit_globals(program, handler,
                  [&arrays](std::uint32_t global, GlobalUse) { arrays[global] = false; });
  }
  return arrays;
}

}  // namespace socktap::plan
