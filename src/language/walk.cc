#include "language/walk.h"

#include "base/overloaded.h"

namespace socktap::language {
namespace {

void walk_if(const ExprPtr& expression, const ExprVisitor& visit) {
  if (expression) walk(*expression, visit);
}

void walk_if(const StmtPtr& statement, const ExprVisitor& visit) {
  if (statement) walk(*statement, visit);
}

void walk_all(const std::vector<ExprPtr>& expressions, const ExprVisitor& visit) {
  for (const ExprPtr& expression : expressions) walk_if(expression, visit);
}

void walk_children(const Expr& expression, const ExprVisitor& visit) {
  std::visit(Overloaded{
                 [](const NumberLiteral&) {},
                 [](const StringLiteral&) {},
                 [](const EventVariable&) {},
                 [&](const Load& load) { walk_all(load.place.keys, visit); },
                 [&](const Unary& unary) { walk_if(unary.operand, visit); },
                 [&](const Binary& binary) {
                   walk_if(binary.left, visit);
                   walk_if(binary.right, visit);
                 },
                 [&](const Conditional& conditional) {
                   walk_if(conditional.condition, visit);
                   walk_if(conditional.then, visit);
                   walk_if(conditional.otherwise, visit);
                 },
                 [&](const Assign& assign) {
                   walk_all(assign.target.keys, visit);
                   walk_if(assign.value, visit);
                 },
                 [&](const Increment& increment) { walk_all(increment.target.keys, visit); },
                 [&](const Contains& contains) { walk_all(contains.keys, visit); },
                 [&](const Match& match) { walk_if(match.subject, visit); },
                 [&](const Call& call) { walk_all(call.arguments, visit); },
                 [&](const LibraryCall& call) { walk_all(call.arguments, visit); },
                 [&](const Extract& extract) { walk_all(extract.statistic.keys, visit); },
                 [&](const Bucket& bucket) {
                   walk_all(bucket.statistic.keys, visit);
                   walk_if(bucket.index, visit);
                 },
                 [&](const HistogramText& text) { walk_all(text.statistic.keys, visit); },
                 [&](const Print& print) {
                   walk_if(print.delimiter, visit);
                   walk_all(print.arguments, visit);
                 },
             },
             expression.node);
}

}  // namespace

void walk(const Expr& expression, const ExprVisitor& visit) {
  visit(expression);
  walk_children(expression, visit);
}

void walk(const Stmt& statement, const ExprVisitor& visit) {
  std::visit(Overloaded{
                 [&](const Block& block) {
                   for (const StmtPtr& inner : block.statements) walk_if(inner, visit);
                 },
                 [&](const Evaluate& evaluate) { walk_if(evaluate.expression, visit); },
                 [&](const If& branch) {
                   walk_if(branch.condition, visit);
                   walk_if(branch.then, visit);
                   walk_if(branch.otherwise, visit);
                 },
                 [&](const Loop& loop) {
                   walk_if(loop.init, visit);
                   walk_if(loop.condition, visit);
                   walk_if(loop.step, visit);
                   walk_if(loop.body, visit);
                 },
                 [&](const Foreach& foreach) {
                   walk_all(foreach.slice, visit);
                   if (foreach.histogram) walk_all(foreach.histogram->keys, visit);
                   walk_if(foreach.limit, visit);
                   walk_if(foreach.body, visit);
                 },
                 [](const Break&) {},
                 [](const Continue&) {},
                 [](const Next&) {},
                 [&](const Return& result) { walk_if(result.value, visit); },
                 [&](const Delete& deletion) { walk_all(deletion.target.keys, visit); },
                 [&](const Try& attempt) {
                   walk_if(attempt.body, visit);
                   walk_if(attempt.handler, visit);
                 },
             },
             statement.node);
}

}  // namespace socktap::language
