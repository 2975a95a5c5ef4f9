#include "vm/machine.h"

#include <gtest/gtest.h>

#include <utility>

#include "vm/compile.h"

namespace socktap::vm {
namespace {

using namespace language;  // NOLINT: the test builds programs of its types

// A program built by hand: expressions and statements as short function calls.
template <typename Node>
language::ExprPtr expr(Type type, Node node, Span span = {}) {
  auto made = std::make_unique<Expr>();
  made->type = type;
  made->span = span;
  made->node = std::move(node);
  return made;
}
template <typename Node>
language::StmtPtr stmt(Node node) {
  auto made = std::make_unique<Stmt>();
  made->node = std::move(node);
  return made;
}
template <typename Pointer, typename... Parts>
std::vector<Pointer> list(Parts... parts) {
  std::vector<Pointer> made;
  (made.push_back(std::move(parts)), ...);
  return made;
}

language::ExprPtr number(std::int64_t value) { return expr(Type::number, NumberLiteral{value}); }
language::ExprPtr text(std::string value) {
  return expr(Type::string, StringLiteral{std::move(value)});
}
language::ExprPtr local(std::uint32_t index, Type type = Type::number) {
  return expr(type, Load{{Place::Kind::local, index, {}}});
}
language::ExprPtr binary(BinaryOp op, language::ExprPtr left, language::ExprPtr right,
                         Type type = Type::number) {
  return expr(type, language::Binary{op, std::move(left), std::move(right)});
}
template <typename... Arguments>
language::StmtPtr println(Arguments... arguments) {
  Print print;
  print.newline = true;
  print.arguments = list<language::ExprPtr>(std::move(arguments)...);
  return stmt(Evaluate{expr(Type::none, std::move(print))});
}
template <typename... Statements>
language::StmtPtr block(Statements... statements) {
  return stmt(language::Block{list<language::StmtPtr>(std::move(statements)...)});
}
language::ExprPtr set(Place place, AssignOp op, language::ExprPtr value) {
  const Type type = value->type;
  return expr(type, language::Assign{op, std::move(place), std::move(value)});
}

struct Output : Host {
  void emit(const Record& record) override { text += record.text; }
  std::int64_t target() const override { return 0; }
  bool is_target_or_descendant(std::int64_t) const override { return false; }
  std::string text;
};

struct Outcome {
  std::string output;
  std::optional<RuntimeError> error;
};

Outcome run(const TypedProgram& program, const Event& event = {},
            const tapset::ProbePoint* point = nullptr, Limits limits = {}) {
  const Code code = compile(program);
  SourceMap sources;
  Output host;
  Machine machine(code, sources, limits, host);
  Occasion occasion;
  occasion.event = &event;
  occasion.point = point;
  Outcome result;
  for (std::uint32_t i = 0; i < program.handlers.size() && !result.error; ++i) {
    result.error = machine.run(i, occasion);
  }
  machine.print_unread_globals();
  result.output = host.text;
  return result;
}

TypedProgram program_of(language::StmtPtr body, std::vector<Local> locals = {}) {
  TypedProgram program;
  Handler handler;
  handler.locals = std::move(locals);
  handler.body = std::move(body);
  program.handlers.push_back(std::move(handler));
  return program;
}

// A print statement of constant arguments.
language::StmtPtr print_of(std::optional<std::string> format, std::optional<std::string> delimiter,
                           std::vector<language::ExprPtr> arguments) {
  Print print;
  print.format = std::move(format);
  if (delimiter) print.delimiter = text(*delimiter);
  print.arguments = std::move(arguments);
  return stmt(Evaluate{expr(Type::none, std::move(print))});
}

TEST(Machine, PrintsWhatTheFormatSays) {
  EXPECT_EQ(run(program_of(print_of(
                    "<%s %d|%05d|%*d|%.*s|%d%%>\n", {},
                    list<language::ExprPtr>(text("a"), number(-7), number(42), number(4), number(5),
                                            number(2), text("three"), number(100)))))
                .output,
            "<a -7|00042|   5|th|100%>\n");
  const std::string zero("x\0y", 3);
  EXPECT_EQ(run(program_of(print_of(zero, {}, {}))).output, zero);
}

TEST(Machine, PrintsWithADelimiter) {
  EXPECT_EQ(
      run(program_of(print_of({}, ", ", list<language::ExprPtr>(text("a"), number(1), text("b")))))
          .output,
      "a, 1, b");
  const std::string zero("x\0y", 3);
  EXPECT_EQ(
      run(program_of(print_of({}, {}, list<language::ExprPtr>(text(zero), text(zero))))).output,
      "xx");
}

TEST(Machine, Arithmetic) {
  constexpr std::int64_t lowest = std::numeric_limits<std::int64_t>::min();
  const struct {
    BinaryOp op;
    std::int64_t left, right, result;
  } cases[] = {
      {BinaryOp::add, 2, 3, 5},
      {BinaryOp::add, std::numeric_limits<std::int64_t>::max(), 1, lowest},
      {BinaryOp::subtract, 2, 3, -1},
      {BinaryOp::subtract, lowest, 1, std::numeric_limits<std::int64_t>::max()},
      {BinaryOp::multiply, -4, 3, -12},
      {BinaryOp::divide, -7, 2, -3},
      {BinaryOp::divide, lowest, -1, lowest},
      {BinaryOp::modulo, -7, 2, -1},
      {BinaryOp::modulo, lowest, -1, 0},
      {BinaryOp::shift_left, 1, 65, 2},
      {BinaryOp::shift_right, -8, 1, -4},
      {BinaryOp::shift_right_logical, -8, 1, 0x7fff'ffff'ffff'fffc},
      {BinaryOp::bitwise_and, 12, 10, 8},
      {BinaryOp::bitwise_or, 12, 10, 14},
      {BinaryOp::bitwise_xor, 12, 10, 6},
      {BinaryOp::equal, 1, 1, 1},
      {BinaryOp::not_equal, 1, 1, 0},
      {BinaryOp::less, -1, 0, 1},
      {BinaryOp::less_equal, 1, 0, 0},
      {BinaryOp::greater, 1, 0, 1},
      {BinaryOp::greater_equal, -1, 0, 0},
      {BinaryOp::logical_and, 2, 4, 1},
      {BinaryOp::logical_and, 2, 0, 0},
      {BinaryOp::logical_or, 0, 0, 0},
      {BinaryOp::logical_or, 0, 9, 1},
  };
  for (const auto& each : cases) {
    const Outcome ran =
        run(program_of(println(binary(each.op, number(each.left), number(each.right)))));
    EXPECT_EQ(ran.output, std::to_string(each.result) + "\n")
        << each.left << " op " << static_cast<int>(each.op) << " " << each.right;
  }
}

TEST(Machine, DivisionByZeroEndsTheHandler) {
  const Outcome ran = run(program_of(block(println(text("before")),
                                           println(binary(BinaryOp::divide, number(1), number(0))),
                                           println(text("after")))));
  EXPECT_EQ(ran.output, "before\n");
  ASSERT_TRUE(ran.error);
  EXPECT_EQ(ran.error->message, "division by 0");
}

TEST(Machine, TryCatches) {
  Try attempt;
  attempt.body = println(binary(BinaryOp::modulo, number(1), number(0)));
  attempt.message = 0;
  attempt.handler = println(text("caught "), local(0, Type::string));
  const Outcome ran = run(program_of(stmt(std::move(attempt)), {{"msg", Type::string}}));
  EXPECT_EQ(ran.output, "caught division by 0\n");
  EXPECT_FALSE(ran.error);
}

TEST(Machine, OperandsKeepTheirValueWhenTheOtherSideWrites) {
  // x = 1; println(x + (x = 5) + x)
  auto sum = binary(
      BinaryOp::add,
      binary(BinaryOp::add, local(0), set({Place::Kind::local, 0, {}}, AssignOp::set, number(5))),
      local(0));
  const Outcome ran = run(
      program_of(block(stmt(Evaluate{set({Place::Kind::local, 0, {}}, AssignOp::set, number(1))}),
                       println(std::move(sum))),
                 {{"x", Type::number}}));
  EXPECT_EQ(ran.output, "11\n");
}

TEST(Machine, EventFieldsAndMissingVariables) {
  Event event{};
  event.size = -11;
  event.family = -1;
  event.tgid = 4'000'000'000;
  const auto variable = [](tapset::Variable which) {
    return expr(tapset::row(which).type, EventVariable{which});
  };
  const auto body = [&] {
    return println(variable(tapset::Variable::name), text(" "), variable(tapset::Variable::size),
                   text(" "), variable(tapset::Variable::family), text(" "),
                   expr(Type::number, language::LibraryCall{tapset::Function::pid, {}}));
  };
  const auto* send = tapset::find_probe_point("socket.send");
  const auto* create = tapset::find_probe_point("socket.create");
  EXPECT_EQ(run(program_of(body()), event, send).output, "socket.send -11 -1 4000000000\n");
  EXPECT_EQ(run(program_of(body()), event, create).output, "socket.create 0 -1 4000000000\n");
  EXPECT_EQ(run(program_of(body()), event, nullptr).output, " 0 0 4000000000\n");
}

TEST(Machine, UnreadGlobalsPrint) {
  TypedProgram program;
  const auto global = [&](std::string name, Type type, std::vector<Type> keys) {
    Global made;
    made.name = std::move(name);
    made.type = type;
    made.keys = std::move(keys);
    made.is_written = made.is_shown_at_end = true;
    program.globals.push_back(std::move(made));
  };
  global("cnt", Type::number, {});
  global("stat", Type::stats, {});
  global("names", Type::number, {Type::string});
  const auto element = [](std::string key) {
    return Place{Place::Kind::global, 2, list<language::ExprPtr>(text(std::move(key)))};
  };
  Handler handler;
  handler.body = block(
      stmt(
          Evaluate{expr(Type::number, language::Increment{{Place::Kind::global, 0, {}}, 1, true})}),
      stmt(Evaluate{set({Place::Kind::global, 1, {}}, AssignOp::accumulate, number(5))}),
      stmt(Evaluate{set({Place::Kind::global, 1, {}}, AssignOp::accumulate, number(7))}),
      stmt(Evaluate{set(element("a"), AssignOp::set, number(1))}),
      stmt(Evaluate{set(element("b"), AssignOp::add, number(2))}));
  program.handlers.push_back(std::move(handler));
  EXPECT_EQ(run(program).output,
            "cnt=1\nstat @count=2 @min=5 @max=7 @sum=12 @avg=6\nnames[\"b\"]=2\nnames[\"a\"]=1\n");
}

TEST(Machine, EndlessLoopExceedsItsBudget) {
  language::Loop loop;
  loop.condition = number(1);
  Limits limits;
  limits.max_action = 1000;
  const Outcome ran = run(program_of(stmt(std::move(loop))), {}, nullptr, limits);
  ASSERT_TRUE(ran.error);
  EXPECT_EQ(ran.error->message, "MAXACTION exceeded");
}

}  // namespace
}  // namespace socktap::vm
