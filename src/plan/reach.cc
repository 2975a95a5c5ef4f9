#include "plan/reach.h"

#include <vector>

#include "base/overloaded.h"
#include "language/typed_children.h"

namespace socktap::plan {
namespace {

using language::Expr;
using language::Place;
using language::Stmt;

class Reach {
  auto below() {
    return [this](const auto& child) {
      if (child) enter(*child);
    };
  }

 public:
  Reach(const language::TypedProgram& program, const ReachVisitor& visitor)
      : program_(program), visitor_(visitor), entered_(program.functions.size()) {}

  void enter(const Stmt& statement) {
    visitor_.statement(statement);
    language::for_each_child(statement, below(), below());
  }

  void enter(const Expr& expression) {
    visitor_.expression(expression);
    language::for_each_child(expression, below());
    if (const auto* call = std::get_if<language::Call>(&expression.node)) call_of(call->function);
  }

 private:
  void call_of(std::uint32_t index) {
    if (entered_[index]) return;
    entered_[index] = true;
    const language::Function& function = program_.functions[index];
    if (function.body) enter(*function.body);
    if (function.overload) call_of(*function.overload);
  }

  const language::TypedProgram& program_;
  const ReachVisitor& visitor_;
  std::vector<bool> entered_;
};

}  // namespace

void visit_reached(const language::TypedProgram& program, const language::Handler& handler,
                   const ReachVisitor& visitor) {
  Reach reach(program, visitor);
  if (handler.condition) reach.enter(*handler.condition);
  if (handler.body) reach.enter(*handler.body);
}

void visit_globals(const language::TypedProgram& program, const language::Handler& handler,
                   const std::function<void(std::uint32_t global, GlobalUse use)>& visit) {
  const auto place = [&visit](const Place& named, GlobalUse use) {
    if (named.kind == Place::Kind::global) visit(named.index, use);
  };
  using enum GlobalUse;
  visit_reached(
      program, handler,
      {.statement =
           [&](const Stmt& statement) {
             if (const auto* removal = std::get_if<language::Delete>(&statement.node))
               place(removal->target, write);
             const auto* loop = std::get_if<language::Foreach>(&statement.node);
             if (loop && loop->histogram) place(*loop->histogram, read);
             if (loop && !loop->histogram) visit(loop->global, read);
           },
       .expression =
           [&](const Expr& expression) {
             std::visit(
                 Overloaded{[&](const language::Load& e) { place(e.place, read); },
                            [&](const language::Assign& e) { place(e.target, write); },
                            [&](const language::Increment& e) { place(e.target, write); },
                            [&](const language::Contains& e) { visit(e.global, read); },
                            [&](const language::Extract& e) { place(e.statistic, read); },
                            [&](const language::Bucket& e) { place(e.statistic, read); },
                            [&](const language::HistogramText& e) { place(e.statistic, read); },
                            [](const auto&) {}},
                 expression.node);
           }});
}

}  // namespace socktap::plan
