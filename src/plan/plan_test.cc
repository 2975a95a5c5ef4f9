#include "plan/plan.h"

#include <gtest/gtest.h>

namespace socktap::plan {
namespace {

using language::Block;
using language::Evaluate;
using language::Expr;
using language::ExprPtr;
using language::Stmt;
using language::StmtPtr;
using language::TypedProgram;
using tapset::Field;
using tapset::FieldSet;

template <typename Node>
ExprPtr expr(Node node) {
  return std::make_unique<const Expr>(Expr{Type::number, {}, std::move(node)});
}

ExprPtr variable(tapset::Variable id) { return expr(language::EventVariable{id}); }
ExprPtr library(tapset::Function id) { return expr(language::LibraryCall{id, {}}); }
ExprPtr call(std::uint32_t function) { return expr(language::Call{function, {}}); }

StmtPtr body(std::vector<ExprPtr> expressions) {
  Block block;
  for (ExprPtr& expression : expressions) {
    block.statements.push_back(
        std::make_unique<const Stmt>(Stmt{{}, Evaluate{std::move(expression)}}));
  }
  return std::make_unique<const Stmt>(Stmt{{}, std::move(block)});
}

std::vector<ExprPtr> list(ExprPtr a, ExprPtr b = nullptr) {
  std::vector<ExprPtr> expressions;
  expressions.push_back(std::move(a));
  if (b) expressions.push_back(std::move(b));
  return expressions;
}

language::Point at(std::string_view name) {
  return {tapset::find_probe_point(name), std::string(name), {}};
}

void add_handler(TypedProgram& program, std::vector<language::Point> points, StmtPtr statements) {
  language::Handler& handler = program.handlers.emplace_back();
  handler.points = std::move(points);
  handler.body = std::move(statements);
}

void add_function(TypedProgram& program, StmtPtr statements) {
  program.functions.emplace_back().body = std::move(statements);
}

TEST(Plan, CapturesWhatHandlersReadAndNoMore) {
  TypedProgram program;
  add_handler(program, {at("socket.send")},
              body(list(variable(tapset::Variable::size), variable(tapset::Variable::name))));
  add_handler(program, {at("socket.close"), at("socket.send")},
              body(list(library(tapset::Function::execname))));
  const Plan plan = make_plan(program, {});
  EXPECT_EQ(plan.handlers[0].fields, FieldSet({Field::size}));
  EXPECT_EQ(plan.handlers[1].fields, FieldSet({Field::comm}));
  EXPECT_EQ(plan.fields, FieldSet({Field::size, Field::comm}));
  EXPECT_EQ(plan.points, (std::vector{tapset::find_probe_point("socket.send"),
                                      tapset::find_probe_point("socket.close")}))
      << "each point once";
}

TEST(Plan, FollowsCallsIntoFunctionsThroughRecursionAndOverloads) {
  TypedProgram program;
  add_handler(program, {at("socket.send")}, body(list(call(0))));
  add_function(program, body(list(call(1))));
  add_function(program, body(list(call(0), library(tapset::Function::uid))));  // recursive
  add_function(program, body(list(library(tapset::Function::cpu))));
  program.functions[1].overload = 2;
  EXPECT_EQ(make_plan(program, {}).fields, FieldSet({Field::uid, Field::cpu}));
}

TEST(Plan, AConditionIsReadToo) {
  TypedProgram program;
  add_handler(program, {at("socket.send")}, body({}));
  program.handlers[0].condition = library(tapset::Function::pid);
  EXPECT_EQ(make_plan(program, {}).fields, FieldSet({Field::task}));
}

TEST(Plan, LifecycleAndTimersNeedNoEvents) {
  TypedProgram program;
  add_handler(program,
              {{language::Begin{}, "begin", {}}, {language::Timer{1000}, "timer.us(1)", {}}},
              body(list(library(tapset::Function::pid))));
  const Plan plan = make_plan(program, {});
  EXPECT_TRUE(plan.points.empty());
  EXPECT_TRUE(plan.fields.empty());
}

TEST(Plan, DumpNamesPointsAndFields) {
  TypedProgram program;
  add_handler(program, {at("socket.send")},
              body(list(variable(tapset::Variable::size), library(tapset::Function::execname))));
  EXPECT_EQ(dump(make_plan(program, {})),
            "handler 0: socket.send\n"
            "  captured and sent: comm size\n"
            "  runs in the machine\n"
            "captured for the whole script: comm size\n");
}

}  // namespace
}  // namespace socktap::plan
