#include "language/walk.h"

#include "base/overloaded.h"
#include "language/visit_children.h"

namespace socktap::language {

void walk(const Expr& expression, const ExprVisitor& visit) {
  visit(expression);
  const auto below = [&visit](const Expr& child) { walk(child, visit); };
  std::visit(
      Overloaded{
          [](const NumberLiteral&) {},
          [](const StringLiteral&) {},
          [](const EventVariable&) {},
          [&](const Load& e) { visit_children(below, e.place.keys); },
          [&](const Unary& e) { visit_children(below, e.operand); },
          [&](const Binary& e) { visit_children(below, e.left, e.right); },
          [&](const Conditional& e) { visit_children(below, e.condition, e.then, e.otherwise); },
          [&](const Assign& e) { visit_children(below, e.target.keys, e.value); },
          [&](const Increment& e) { visit_children(below, e.target.keys); },
          [&](const Contains& e) { visit_children(below, e.keys); },
          [&](const Match& e) { visit_children(below, e.subject); },
          [&](const Call& e) { visit_children(below, e.arguments); },
          [&](const LibraryCall& e) { visit_children(below, e.arguments); },
          [&](const Extract& e) { visit_children(below, e.statistic.keys); },
          [&](const Bucket& e) { visit_children(below, e.statistic.keys, e.index); },
          [&](const HistogramText& e) { visit_children(below, e.statistic.keys); },
          [&](const Print& e) { visit_children(below, e.delimiter, e.arguments); },
      },
      expression.node);
}

void walk(const Stmt& statement, const ExprVisitor& visit) {
  const auto below = [&visit](const auto& child) { walk(child, visit); };
  std::visit(Overloaded{
                 [&](const Block& s) { visit_children(below, s.statements); },
                 [&](const Evaluate& s) { visit_children(below, s.expression); },
                 [&](const If& s) { visit_children(below, s.condition, s.then, s.otherwise); },
                 [&](const Loop& s) { visit_children(below, s.init, s.condition, s.step, s.body); },
                 [&](const Foreach& s) {
                   visit_children(below, s.slice);
                   if (s.histogram) visit_children(below, s.histogram->keys);
                   visit_children(below, s.limit, s.body);
                 },
                 [](const Break&) {},
                 [](const Continue&) {},
                 [](const Next&) {},
                 [&](const Return& s) { visit_children(below, s.value); },
                 [&](const Delete& s) { visit_children(below, s.target.keys); },
                 [&](const Try& s) { visit_children(below, s.body, s.handler); },
             },
             statement.node);
}

}  // namespace socktap::language
