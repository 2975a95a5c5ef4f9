#include <gtest/gtest.h>

#include "language/parsed_text.h"

namespace socktap::language {
namespace {

void expect_all(const std::vector<ParseCase>& cases) {
  for (const auto& [text, expected] : cases) EXPECT_EQ(parsed_body(text), expected) << text;
}

TEST(Statement, SemicolonsAndNewlinesAreOptional) {
  expect_all({
      {"a = 1 b = 2", "(a = 1)\n(b = 2)"},
      {"a = 1; b = 2;", "(a = 1)\n(b = 2)"},
      {"a = 1\nb = 2", "(a = 1)\n(b = 2)"},
      {"a++ b++", "(a++)\n(b++)"},
      {"a = 1\n-b", "(a = (1 - b))"},
      {";;", ";\n;"},
      {"", ""},
      {"{ a { b } }", "block\n  a\n  block\n    b"},
      {"a[1] [2, 3] in b", "a[1]\n([2, 3] in b)"},
  });
}

TEST(Statement, Control) {
  expect_all({
      {"if (a) b", "if a\n  b"},
      {"if (a) b; else c", "if a\n  b\nelse\n  c"},
      {"if (a) { b } else if (c) d else { e }", "if a\n  b\nelse\n  if c\n    d\n  else\n    e"},
      {"if (a) ; else b", "if a\n  ;\nelse\n  b"},
      {"if (a) if (b) c else d", "if a\n  if b\n    c\n  else\n    d"},
      {"while (a) b", "while a\n  b"},
      {"for (i = 0; i < 5; i++) a", "for ((i = 0); (i < 5); (i++))\n  a"},
      {"for (;;) break", "for (; ; )\n  break"},
      {"while (1) { continue; break }", "while 1\n  continue\n  break"},
      {"next", "next"},
      {"next; a", "next\na"},
      {"delete a", "delete a"},
      {"delete a[1, *]", "delete a[1, *]"},
      {"if (a) b else if (c) d else e", "if a\n  b\nelse\n  if c\n    d\n  else\n    e"},
      {"if (a) if (b) c else d", "if a\n  if b\n    c\n  else\n    d"},
      {"try { a } catch { b }", "try\n  a\ncatch\n  b"},
      {"try { a } catch (e) { b }", "try\n  a\ncatch (e)\n  b"},
      {"try { a } catch { b }", "try\n  a\ncatch\n  b"},
      {"try a catch b", "unexpected-token at 2:5"},
  });
}

TEST(Statement, Foreach) {
  expect_all({
      {"foreach (k in a) b", "foreach ([k] in a)\n  b"},
      {"foreach ([k] in a) b", "foreach ([k] in a)\n  b"},
      {"foreach ([k, l] in a) b", "foreach ([k, l] in a)\n  b"},
      {"foreach (k+ in a) b", "foreach ([k+] in a)\n  b"},
      {"foreach (k in a-) b", "foreach ([k] in a-)\n  b"},
      {"foreach ([k, l-] in a) b", "foreach ([k, l-] in a)\n  b"},
      {"foreach (v = k in a) b", "foreach (v = [k] in a)\n  b"},
      {"foreach (v = k+ in a) b", "foreach (v = [k+] in a)\n  b"},
      {"foreach (v = [k, l] in a+) b", "foreach (v = [k, l] in a+)\n  b"},
      {"foreach (v- = [k, l] in a) b", "foreach (v = [k, l] in a-)\n  b"},
      {"foreach (v-= k in a) b", "unexpected-token at 2:11"},
      {"foreach (v = [k, l+] in a) b", "foreach (v = [k, l+] in a)\n  b"},
      {"foreach (k in a @count-) b", "foreach ([k] in a @count-)\n  b"},
      {"foreach (k in a @sum +) b", "foreach ([k] in a @sum+)\n  b"},
      {"foreach (k in a limit 5) b", "foreach ([k] in a limit 5)\n  b"},
      {"foreach (k in a- limit n + 1) b", "foreach ([k] in a- limit (n + 1))\n  b"},
      {"foreach ([k, l] in a[*, 1]) b", "foreach ([k, l] in a[*, 1])\n  b"},
      {"foreach ([k, l] in a[x + 1, *] @avg- limit 3) b",
       "foreach ([k, l] in a[(x + 1), *] @avg- limit 3)\n  b"},
      {"foreach (b in @hist_log(s)) c", "foreach ([b] in @hist_log(s))\n  c"},
      {"foreach (n = b in @hist_linear(s[1], 0, 9, 3)) c",
       "foreach (n = [b] in @hist_linear(s[1], 0, 9, 3))\n  c"},
      {"foreach (k in a) { if (k) break; else continue }",
       "foreach ([k] in a)\n  if k\n    break\n  else\n    continue"},
  });
}

TEST(Statement, Mistakes) {
  expect_all({
      {"if a b", "unexpected-token at 2:4"},
      {"if (a", "unclosed-bracket at 3:1"},
      {"if (a) ", "expected-statement at 3:1"},
      {"else a", "expected-statement at 2:1"},
      {"while () a", "expected-expression at 2:8"},
      {"for (a; b) c", "unexpected-token at 2:10"},
      {"foreach (a) b", "unexpected-token at 2:11"},
      {"foreach ([a, 5] in b) c", "expected-identifier at 2:14"},
      {"foreach (a+ in b+) c", "sorted-twice at 2:17"},
      {"foreach ([a+, b-] in c) d", "sorted-twice at 2:16"},
      {"foreach (a in b @count) c", "bad-sort at 2:23"},
      {"foreach (a in b @hist_log+) c", "bad-sort at 2:17"},
      {"foreach (a in 5) b", "expected-identifier at 2:15"},
      {"foreach ($a in b) c", "expected-identifier at 2:10"},
      {"break", "jump-outside-loop at 2:1"},
      {"while (1) a; continue", "jump-outside-loop at 2:14"},
      {"return 1", "return-outside-function at 2:1"},
      {"delete 5", "bad-delete at 2:8"},
      {"delete f(a)", "bad-delete at 2:8"},
      {"delete a[b[*]]", "unexpected-wildcard at 2:12"},
      {"try { a }", "unexpected-token at 3:1"},
      {"try { a } catch (5) { }", "expected-identifier at 2:18"},
      {"a = = b", "expected-expression at 2:5"},
      {"function", "unclosed-bracket at 2:1"},
  });
}

TEST(Statement, NestingIsLimited) {
  EXPECT_EQ(parsed_body(std::string(100000, '{')), "nested-too-deeply at 2:257");
  std::string ifs;
  for (int i = 0; i < 10000; ++i) ifs += "if (a) ";
  EXPECT_EQ(parsed_body(ifs), "nested-too-deeply at 2:1790");
}

std::string chain(int branches, const std::string& end) {
  std::string text;
  for (int i = 0; i < branches; ++i) text += "if (a) b else ";
  return text + "{\n" + end + "\n}";
}

bool is_too_deep(const std::string& body) {
  SourceMap sources;
  const auto source = sources.add("a.stp", "probe begin {\n" + body + "\n}");
  const auto outcome = parse(sources, source, fixed_invocation());
  return !outcome.value && outcome.diagnostics.all().front().name == "nested-too-deeply";
}

// What stands at the end of a chain is as deep as the chain is long.
TEST(Statement, ChainsAreLimitedTogetherWithThoseAroundThem) {
  EXPECT_FALSE(is_too_deep(chain(2'001, "c")));
  EXPECT_TRUE(is_too_deep(chain(2'002, "c")));
  EXPECT_FALSE(is_too_deep(chain(1'000, chain(1'000, "c"))));
  EXPECT_TRUE(is_too_deep(chain(1'000, chain(1'100, "c"))));
  std::string text = "c";
  for (int i = 0; i < 10; ++i) text = chain(2'000, text);
  EXPECT_TRUE(is_too_deep(text));

  text.clear();
  for (int i = 0; i < 10; ++i) text += chain(2'000, "c") + "\n";
  EXPECT_FALSE(is_too_deep(text)) << "one after another they are not deep";
}

}  // namespace
}  // namespace socktap::language
