#include <gtest/gtest.h>

#include "language/parsed_text.h"

namespace socktap::language {
namespace {

// What stands between `probe` and the body, after expansion.
std::string points(const std::string& text, std::vector<std::string> arguments = {}) {
  std::string tree = parsed("probe " + text + " { }", std::move(arguments));
  if (tree.compare(0, 6, "probe ") != 0) return tree;
  return tree.substr(6, tree.size() - 7);
}

void expect_all(const std::vector<ParseCase>& cases) {
  for (const auto& [text, expected] : cases) EXPECT_EQ(points(text), expected) << text;
}

TEST(Point, Components) {
  expect_all({
      {"begin", "begin"},
      {"begin(-5)", "begin(-5)"},
      {"timer.s(1)", "timer.s(1)"},
      {"timer.ms(0x64).randomize(20)", "timer.ms(100).randomize(20)"},
      {"process(\"/bin/\" \"ls\").function(\"main\").return",
       "process(\"/bin/ls\").function(\"main\").return"},
      {"kernel . function (\"f\") . call", "kernel.function(\"f\").call"},
      {"socket.sendmsg.return, socket.close", "socket.sendmsg.return, socket.close"},
      {"module(\"x\").statement(0x10)", "module(\"x\").statement(16)"},
      {"process.begin", "process.begin"},
      {"a.function.probe.global.in.if.next", "a.function.probe.global.in.if.next"},
  });
}

// Of a text that is nothing but them.
std::string lone(const std::string& text) {
  SourceMap sources;
  const auto parsed = parse_points(sources, sources.add("t", text), {});
  if (!parsed.value) return std::string(parsed.diagnostics.all().front().name.text());
  std::string all;
  for (const ast::Point& point : *parsed.value) all += point.text() + " ";
  return all;
}

TEST(Point, Alone) {
  EXPECT_EQ(lone("socket.{send,receive}, timer.s(1) // each"),
            "socket.send socket.receive timer.s(1) ");
  EXPECT_EQ(lone("socket.send {} probe begin"), "unexpected-token");
  EXPECT_EQ(lone("socket.send socket.receive"), "unexpected-token");
  EXPECT_EQ(lone("socket."), "expected-probe-point");
}

TEST(Point, Wildcards) {
  expect_all({
      {"socket.*", "socket.*"},
      {"socket.s*", "socket.s*"},
      {"socket.*msg.return", "socket.*msg.return"},
      {"socket.**", "socket.**"},
      {"sys**open", "sys**open"},
      {"*", "*"},
      {"syscall.*2", "syscall.*2"},
      {"syscall.accept*4.return", "syscall.accept*4.return"},
      {"socket.*, timer.*", "socket.*, timer.*"},
  });
}

TEST(Point, Marks) {
  expect_all({
      {"a?", "a?"},
      {"a ?, b !, c", "a?, b!, c"},
      {"a if (b > 1)", "a if ((b > 1))"},
      {"a? if (b), c if (d)", "a? if (b), c if (d)"},
      {"a.*? if (b)", "a.*? if (b)"},
  });
}

TEST(Point, BracesExpandInProductOrder) {
  expect_all({
      {"socket.{send,receive}", "socket.send, socket.receive"},
      {"a.{b,c}.d", "a.b.d, a.c.d"},
      {"{a,b}.{c,d}", "a.c, a.d, b.c, b.d"},
      {"{kernel,module(\"nfs\")}.function(\"nfs*\")!",
       "kernel.function(\"nfs*\")!, module(\"nfs\").function(\"nfs*\")!"},
      {"a.{b,c.{d,e}}.f", "a.b.f, a.c.d.f, a.c.e.f"},
      {"a.{b}", "a.b"},
      {"a.{b?,c!}", "a.b?, a.c!"},
      {"a.{b,c}?", "a.b?, a.c?"},
      {"a.{b,c} if (d)", "a.b if (d), a.c if (d)"},
      {"a.{s*,*t}", "a.s*, a.*t"},
      {"a.{b(1),c(\"x\")}", "a.b(1), a.c(\"x\")"},
  });
}

TEST(Point, ArgumentsOfTheScriptArePartsOfPoints) {
  EXPECT_EQ(points("timer.s($1)", {"5"}), "timer.s(5)");
  EXPECT_EQ(points("process(@1).function(\"*\")", {"/bin/ls"}),
            "process(\"/bin/ls\").function(\"*\")");
  EXPECT_EQ(points("socket.$1", {"s*"}), "socket.s*");
  EXPECT_EQ(points("socket.$1*", {"s"}), "socket.s*");
  EXPECT_EQ(points("$1", {"socket.{send,receive}, end"}), "socket.send, socket.receive, end");
}

TEST(Point, Mistakes) {
  expect_all({
      {"", "expected-probe-point at 1:8"},
      {"a.", "expected-probe-point at 1:12"},
      {".a", "expected-probe-point at 1:7"},
      {"a..b", "expected-probe-point at 1:9"},
      {"5", "expected-probe-point at 1:7"},
      {"$a", "expected-probe-point at 1:7"},
      {"a(", "expected-literal at 1:10"},
      {"a()", "expected-literal at 1:9"},
      {"a(b)", "expected-literal at 1:9"},
      {"a(1, 2)", "unclosed-bracket at 1:10"},
      {"a b", "unexpected-token at 1:9"},
      {"a if b", "unexpected-token at 1:12"},
      {"a.{b?,c}.d", "bad-point-mark at 1:16"},
      {"a.{b,c?}.d", "bad-point-mark at 1:16"},
      {"a.{b if (c), d} if (e)", "bad-point-mark at 1:23"},
      {"a.{b,c", "unclosed-bracket at 1:14"},
      {"a,", "expected-probe-point at 1:12"},
      {"a*.b * c", "unexpected-token at 1:12"},
  });
}

TEST(Point, ExpansionIsLimited) {
  std::string text = "{a,b}";
  for (int i = 0; i < 100; ++i) text += ".{a,b}";
  EXPECT_EQ(points(text).substr(0, 15), "too-many-points");
  EXPECT_EQ(points("a." + std::string(100000, '{')), "nested-too-deeply at 1:265");
}

std::string repeated(const std::string& part, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += part;
  return text;
}

TEST(Point, ExpansionIsLimitedInTheWholeScript) {
  const std::string probe = "probe " + repeated("{a,b}.", 11) + "c { }\n";
  EXPECT_EQ(parsed(probe).substr(0, 5), "probe");
  EXPECT_EQ(parsed(repeated(probe, 200)), "too-many-points at 2:72") << "once";
}

TEST(Point, WithoutBracesAsManyAsAreWritten) {
  EXPECT_EQ(parsed(repeated("probe a.b.c.d { }\n", 20'000)).substr(0, 5), "probe");
}

}  // namespace
}  // namespace socktap::language
