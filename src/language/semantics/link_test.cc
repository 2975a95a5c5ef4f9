#include <gtest/gtest.h>

#include "language/language.h"

namespace socktap::language {
namespace {

// What is said about a script with these files in its tapset, and the tree's dump behind it.
std::string linked(const std::string& script, const std::vector<std::string>& tapset,
                   const std::vector<std::string>& macros = {},
                   const std::vector<std::string>& additional = {}) {
  SourceMap sources;
  std::vector<std::uint32_t> texts{sources.add("script", script)};
  for (const std::string& text : additional) texts.push_back(sources.add("more", text));
  Invocation invocation;
  for (const std::string& text : tapset)
    invocation.tapset_sources.push_back(sources.add("tapset", text));
  for (const std::string& text : macros)
    invocation.macro_sources.push_back(sources.add("macros", text));
  const auto whole = parse_whole(sources, texts, invocation);
  std::string text;
  for (const Diagnostic& diagnostic : whole.diagnostics.all())
    text += std::string(diagnostic.name.text()) + ": " + diagnostic.message + "\n";
  if (!whole.value) return text;
  const auto program = check(*whole.value, invocation);
  for (const Diagnostic& diagnostic : program.diagnostics.all())
    text += std::string(diagnostic.name.text()) + ": " + diagnostic.message + "\n";
  for (const ast::Global& global : whole.value->globals) text += "global " + global.name + "\n";
  for (const ast::Function& function : whole.value->functions)
    text += "function " + function.name + "\n";
  for (const ast::Alias& alias : whole.value->aliases) text += "alias " + alias.name + "\n";
  for (const ast::Probe& probe : whole.value->probes)
    text += "probe " + probe.points.front().text() + "\n";
  return text;
}

TEST(Link, OnlyWhatIsMentionedAndWhatThatNeeds) {
  EXPECT_EQ(linked("probe begin { println(twice(2)) }",
                   {"function half(n) { return n / 2 }", "function add(a, b) { return a + b + c }",
                    "global c = 0 probe end { c = 1 }", "function twice(n) { return add(n, n) }"}),
            "global c\nfunction twice\nfunction add\nprobe begin\nprobe end\n");
}

TEST(Link, TheScriptsOwnAndBuiltInNamesComeFirst) {
  EXPECT_EQ(linked("function twice(n) { return n } probe begin { println(twice(pid())) }",
                   {"function twice(n) { return 0 } function pid() { return 0 }"}),
            "function twice\nprobe begin\n");
}

TEST(Link, Aliases) {
  const std::vector<std::string> tapset{"probe web.request = socket.sendmsg { length = size }",
                                        "probe web.answer = socket.recvmsg { length = size }"};
  EXPECT_EQ(linked("probe web.request { println(length) }", tapset),
            "alias web.request\nprobe web.request\n");
  EXPECT_EQ(linked("probe web.request.return { println(length, success) }", tapset),
            "alias web.request\nprobe web.request.return\n");
  EXPECT_EQ(linked("probe web.* { println(length) }", tapset),
            "alias web.request\nalias web.answer\nprobe web.*\n");
}

TEST(Link, PrivateNamesStayInTheirFile) {
  EXPECT_EQ(
      linked("function count() { return 5 } global n = 2 probe begin { println(n, next_number(),"
             " count()) }",
             {"private global n = 7 private function count() { return ++n }"
              " function next_number() { foreach_key = 0 return count() + foreach_key }"}),
      "global n\nglobal n@1\nfunction count\nfunction count@1\nfunction next_number\n"
      "probe begin\n");
  EXPECT_EQ(linked("probe begin { println(hidden()) }", {"private function hidden() { return 1 }"}),
            "unknown-function: unknown function `hidden`\nprobe begin\n");
}

TEST(Link, PrivateNamesAreOfTheirKind) {
  EXPECT_EQ(
      linked("probe begin { record(\"a\") }", {"private global execname function record(n:string) {"
                                               " execname[n] = execname() . n }"}),
      "global execname@1\nfunction record\nprobe begin\n");
  EXPECT_EQ(linked("probe begin { helper(2) }",
                   {"private global helper function helper(n) { helper = n }"}),
            "global helper@1\nfunction helper\nprobe begin\n");
  EXPECT_EQ(linked("probe web.out { println(doubled) }",
                   {"private function size(n) { return n } probe web.out = socket.sendmsg {"
                    " doubled = 2 * size(size) }"}),
            "function size@1\nalias web.out\nprobe web.out\n");
}

TEST(Link, AdditionalTextsHaveTheirOwnPrivateNames) {
  EXPECT_EQ(linked("private global x = 1 probe begin { @this1 = 1 println(x, @this1) }", {}, {},
                   {"private global x = 2 probe end { println(x) @this1 = 2 println(@this1) }"}),
            "global __this1\nglobal x\nglobal __this1@1\nglobal x@1\nprobe begin\nprobe end\n");
}

TEST(Link, ATapsetsGlobalsAreNotShownAtTheEnd) {
  SourceMap sources;
  const std::vector<std::uint32_t> texts{
      sources.add("script", "global n probe begin { n = set() }")};
  Invocation invocation;
  invocation.tapset_sources = {sources.add("tapset", "global m function set() { return m = 1 }")};
  const auto program = check(*parse_whole(sources, texts, invocation).value, invocation);
  ASSERT_TRUE(program.value);
  EXPECT_TRUE(program.value->globals[0].is_shown_at_end);
  EXPECT_FALSE(program.value->globals[1].is_shown_at_end);
}

TEST(Link, UnusedPartsOfATapsetAreNoMistakes) {
  EXPECT_EQ(linked("probe begin { println(one()) }",
                   {"global unused function one() { return 1 } function two() { return x() }"}),
            "global unused\nfunction one\nfunction two\nprobe begin\n");
}

TEST(Link, EmbeddedCIsRefusedWhereItIsCalled) {
  const std::vector<std::string> tapset{
      "%{ #include <linux/tcp.h> %} function state:long() %{ %} function one() { return 1 }"};
  EXPECT_EQ(linked("probe begin { println(one()) }", tapset),
            "function state\nfunction one\nprobe begin\n");
  EXPECT_EQ(linked("probe begin { println(state()) }", tapset).substr(0, 10), "embedded-c");
}

TEST(Link, AFileInErrorIsLeftOut) {
  EXPECT_EQ(
      linked("probe begin { println(one()) }",
             {"function two( { }", "function one() { return 1 }"}),
      "tapset-file-in-error: expected the name of a parameter, found `{`: this file of the tapset "
      "is left out\nfunction one\nprobe begin\n");
}

TEST(Link, Macros) {
  const std::vector<std::string> macros{
      "@define one %( 1 %) @define add(a, b) %( (@a + @b) %) @define prints(s) %( println(@s) %)"};
  EXPECT_EQ(linked("probe begin { @prints(@add(@one, 2)) }", {}, macros), "probe begin\n");
  EXPECT_EQ(linked("@define one %( \"a\" %) probe begin { println(@one . \"b\") }", {}, macros),
            "probe begin\n")
      << "the script's own comes first";
  EXPECT_EQ(linked("probe begin { println(@two + 1) }", {},
                   {"%( arch == \"sparc\" %? @define two %( \"a\" %) %: @define two %( 2 %) %)"}),
            "probe begin\n");
}

TEST(Link, FilesOfMacrosDefineMacrosOnly) {
  const std::string script = "probe begin { println(@one) }";
  const std::string good = "@define one %( 1 %)";
  EXPECT_EQ(linked(script, {}, {good, "global q probe begin { println(\"stray\") }"}),
            "tapset-file-in-error: a file of macros holds `@define`s only: this file of the tapset "
            "is left out\nprobe begin\n");
  EXPECT_EQ(linked(script, {}, {"@define two", good}),
            "tapset-file-in-error: expected the body of macro `two`: this file of the tapset is "
            "left out\nprobe begin\n");
  EXPECT_EQ(linked(script, {}, {good, "@define two %( \"2 %)"}).substr(0, 20),
            "tapset-file-in-error");
}

}  // namespace
}  // namespace socktap::language
