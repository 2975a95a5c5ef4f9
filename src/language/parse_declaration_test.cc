#include <gtest/gtest.h>

#include <algorithm>

#include "language/parsed_text.h"

namespace socktap::language {
namespace {

void expect_all(const std::vector<ParseCase>& cases) {
  for (const auto& [text, expected] : cases) EXPECT_EQ(parsed(text), expected) << text;
}

TEST(Declaration, Globals) {
  expect_all({
      {"global a", "global a\n"},
      {"global a, b = 3, c = -1, d = \"x\" \"y\";",
       "global a\nglobal b = 3\nglobal c = -1\nglobal d = \"xy\"\n"},
      {"global a[1000], b%[10], c%", "global a[1000]\nglobal b%[10]\nglobal c%\n"},
      {"private global a private b = 2", "private global a\nprivate global b = 2\n"},
      {"global a global b", "global a\nglobal b\n"},
      {"global a = -9223372036854775808", "global a = -9223372036854775808\n"},
      {"global a[", "expected-literal at 1:10"},
      {"global a[0]", "bad-array-size at 1:10"},
      {"global a[-1]", "bad-array-size at 1:10"},
      {"global a[\"x\"]", "bad-array-size at 1:10"},
      {"global a[1] = 2", "array-initializer at 1:13"},
      {"global a = b", "expected-literal at 1:12"},
      {"global a = 1 + 2", "expected-declaration at 1:14"},
      {"global a,", "expected-identifier at 1:10"},
      {"global limit", "expected-identifier at 1:8"},
      {"global $a", "expected-identifier at 1:8"},
      {"global a b", "expected-declaration at 1:10"},
  });
}

TEST(Declaration, Functions) {
  expect_all({
      {"function f () { }", "function f ()\n"},
      {"function f:long (a:string, b, c:long,) { return a }",
       "function f:long (a:string, b, c:long)\n  return a\n"},
      {"function f() { return }", "function f ()\n  return\n"},
      {"function f() { return; a }", "function f ()\n  return\n  a\n"},
      {"function f() { next }", "function f ()\n  next\n"},
      {"function f():3 { a }", "function f ():3\n  a\n"},
      {"private function f:string () { return \"\" }",
       "private function f:string ()\n  return \"\"\n"},
      {"function f:long (a:long) %{ STAP_RETURN(1); %}",
       "function f:long (a:long)\n  %{ STAP_RETURN(1); %}\n"},
      {"function f { }", "unexpected-token at 1:12"},
      {"function () { }", "expected-identifier at 1:10"},
      {"function f(a b) { }", "unclosed-bracket at 1:14"},
      {"function f(a, b = 2) { }", "default-value at 1:17"},
      {"function f(a,,) { }", "expected-identifier at 1:14"},
      {"function f:int () { }", "expected-type at 1:12"},
      {"function f():long { }", "unexpected-token at 1:14"},
      {"function f() a", "unexpected-token at 1:14"},
      {"function f() { ", "unclosed-bracket at 1:15"},
  });
}

TEST(Declaration, Probes) {
  expect_all({
      {"probe begin { }", "probe begin\n"},
      {"probe a, b.c { d }", "probe a, b.c\n  d\n"},
      {"private probe a { }", "expected-declaration at 1:9"},
      {"probe a { };", "expected-declaration at 1:12"},
      {"%{ #include <x.h> %} probe a { }", "%{ #include <x.h> %}\nprobe a\n"},
      {"probe begin", "unexpected-token at 1:12"},
      {"probe begin a = 1", "unexpected-token at 1:13"},
      {"probe { }", "expected-probe-point at 1:7"},
      {"probe begin { } }", "expected-declaration at 1:17"},
      {"a = 1", "expected-declaration at 1:1"},
      {"", ""},
  });
}

TEST(Declaration, Aliases) {
  expect_all({
      {"probe a = b { c }", "alias a = b\n  c\n"},
      {"probe a.b += c, d.e? { f }", "alias a.b += c, d.e?\n  f\n"},
      {"probe a = b { c }, { d }", "alias a = b\n  c\nepilogue\n  d\n"},
      {"probe a = b = c { d }", "alias a = c\n  d\nalias b = c\n  d\n"},
      {"probe a = b", "unexpected-token at 1:12"},
      {"probe a* = b { }", "bad-alias-name at 1:7"},
      {"probe a(1) = b { }", "bad-alias-name at 1:7"},
      {"probe a? = b { }", "bad-alias-name at 1:7"},
      {"probe a += b { }, { }", "two-epilogues at 1:19"},
      {"probe a = { }", "expected-probe-point at 1:11"},
  });
}

TEST(Declaration, EveryBrokenDeclarationIsReportedOnce) {
  EXPECT_EQ(parsed("probe begin { a = }\n"
                   "global b[0]\n"
                   "probe end { c }\n"
                   "function f( { ) { } }\n"
                   "probe kernel.function(5 { a b c }\n"
                   "probe timer.s(1) { d e f g( }\n"),
            "expected-expression at 1:19\n"
            "bad-array-size at 2:10\n"
            "expected-identifier at 4:13\n"
            "unclosed-bracket at 5:25\n"
            "expected-expression at 6:29");
}

TEST(Declaration, MistakesEnd) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "global 5 ";
  const std::string said = parsed(text);
  EXPECT_EQ(std::count(said.begin(), said.end(), '\n') + 1, static_cast<long>(max_errors));
}

TEST(Declaration, AMissingBraceLeavesTheNextProbeWhole) {
  EXPECT_EQ(parsed("probe begin { if (a) { b }\nprobe end { c = }"),
            "unclosed-bracket at 2:1\nexpected-expression at 2:17");
}

}  // namespace
}  // namespace socktap::language
