#include <gtest/gtest.h>

#include "language/parsed_text.h"

namespace socktap::language {
namespace {

void expect_all(const std::vector<ParseCase>& cases) {
  for (const auto& [text, expected] : cases) EXPECT_EQ(parsed_body(text), expected) << text;
}

// Each case puts neighbouring levels side by side, in both orders.
TEST(Expression, PrecedenceFromTightToLoose) {
  expect_all({
      {"-a++", "(-(a++))"},
      {"!x++", "(!(x++))"},
      {"-++a", "(-(++a))"},
      {"- -a", "(-(-a))"},
      {"! ~+a", "(!(~(+a)))"},
      {"-a * b", "((-a) * b)"},
      {"a * -b", "(a * (-b))"},
      {"a + b * c", "(a + (b * c))"},
      {"a * b + c", "((a * b) + c)"},
      {"a . b + c", "(a . (b + c))"},
      {"a + b . c", "((a + b) . c)"},
      {"a << b . c", "(a << (b . c))"},
      {"a . b << c", "((a . b) << c)"},
      {"a < b << c", "(a < (b << c))"},
      {"a << b < c", "((a << b) < c)"},
      {"a == b < c", "((a == b) < c)"},
      {"a < b == c", "((a < b) == c)"},
      {"a =~ \"x\" == b", "unexpected-token at 2:10"},
      {"a == b !~ \"x\"", "unexpected-token at 2:8"},
      {"a == b in c", "((a == b) in c)"},
      {"a in b & c", "((a in b) & c)"},
      {"a & b in c", "(a & (b in c))"},
      {"a ^ b & c", "(a ^ (b & c))"},
      {"a & b ^ c", "((a & b) ^ c)"},
      {"a | b ^ c", "(a | (b ^ c))"},
      {"a ^ b | c", "((a ^ b) | c)"},
      {"a && b | c", "(a && (b | c))"},
      {"a | b && c", "((a | b) && c)"},
      {"a || b && c", "(a || (b && c))"},
      {"a && b || c", "((a && b) || c)"},
      {"a || b ? c : d", "((a || b) ? c : d)"},
      {"a = b ? c : d", "(a = (b ? c : d))"},
      {"a = b || c", "(a = (b || c))"},
  });
}

TEST(Expression, WhatDiffersFromC) {
  expect_all({
      {"!x in a", "((!x) in a)"},
      {"5 & 3 == 3", "(5 & (3 == 3))"},
      {"\"a\" . 1 + 2", "(\"a\" . (1 + 2))"},
      {"a == b != c", "((a == b) != c)"},
      {"a < b =~ \"c\"", "unexpected-token at 2:7"},
      {"1 + 2 . 3 * 4 << 1 & 2", "((((1 + 2) . (3 * 4)) << 1) & 2)"},
      {"a in b && c in d", "((a in b) && (c in d))"},
      {"a . \"x\" in b", "((a . \"x\") in b)"},
  });
}

TEST(Expression, Associativity) {
  expect_all({
      {"a - b - c", "((a - b) - c)"},
      {"a / b * c % d", "(((a / b) * c) % d)"},
      {"a . b . c", "((a . b) . c)"},
      {"a << b >> c", "((a << b) >> c)"},
      {"a || b || c", "((a || b) || c)"},
      {"a = b = c", "(a = (b = c))"},
      {"a += b <<= c", "(a += (b <<= c))"},
      {"a ? b : c ? d : e", "(a ? b : (c ? d : e))"},
      {"a ? b ? c : d : e", "(a ? (b ? c : d) : e)"},
      {"a ? b : c = d", "not-assignable at 2:1"},
      {"a ? b = 1 : c", "(a ? (b = 1) : c)"},
      {"(a - (b - c))", "(a - (b - c))"},
  });
}

TEST(Expression, Assignments) {
  expect_all({
      {"a <<< b + 1", "(a <<< (b + 1))"},
      {"a[1] <<< b", "(a[1] <<< b)"},
      {"a += 1", "(a += 1)"},
      {"a -= 1", "(a -= 1)"},
      {"a *= 1", "(a *= 1)"},
      {"a /= 1", "(a /= 1)"},
      {"a %= 1", "(a %= 1)"},
      {"a >>= 1", "(a >>= 1)"},
      {"a &= 1", "(a &= 1)"},
      {"a |= 1", "(a |= 1)"},
      {"a ^= 1", "(a ^= 1)"},
      {"a .= \"x\"", "(a .= \"x\")"},
      {"$x = 1", "($x = 1)"},
      {"a[b = 1]++", "(a[(b = 1)]++)"},
      {"--a[1, \"x\"]", "(--a[1, \"x\"])"},
  });
}

TEST(Expression, Membership) {
  expect_all({
      {"[a, b] in c", "([a, b] in c)"},
      {"[a] in c", "(a in c)"},
      {"[*, a + 1] in c", "([*, (a + 1)] in c)"},
      {"[a in b, 2] in c", "unclosed-bracket at 2:4"},
      {"[(a in b), 2] in c", "([(a in b), 2] in c)"},
      {"[a == b, 2] in c", "([(a == b), 2] in c)"},
      {"a in b + c", "(a in b)\n(+c)"},
      {"a in b == c", "unexpected-token at 2:8"},
      {"a in b || c in d", "((a in b) || (c in d))"},
      {"(a in b) == c", "((a in b) == c)"},
      {"[a]", "a"},
      {"!([1, 2] in a)", "(!([1, 2] in a))"},
      {"x = [1, 2] in a", "(x = ([1, 2] in a))"},
      {"f([1, 2] in a)", "f(([1, 2] in a))"},
  });
}

TEST(Expression, Operands) {
  expect_all({
      {"f()", "f()"},
      {"f (a, g(b), 1 + 2)", "f(a, g(b), (1 + 2))"},
      {"a [ b , c ]", "a[b, c]"},
      {"\"a\" \"b\" \"c\"", "\"abc\""},
      {"\"a\\0b\" \"c\"", "\"a\""},
      {"0x10 + 010", "(16 + 8)"},
      {"18446744073709551615", "-1"},
      {"@count(s)", "@count(s)"},
      {"@variance(s[1, 2], 3)", "@variance(s[1, 2], 3)"},
      {"@hist_linear(s, 0, 10, 1)[2]", "@hist_linear(s, 0, 10, 1)[2]"},
      {"print(@hist_log(s[1]))", "print(@hist_log(s[1]))"},
      {"@entry(gettimeofday_us())", "@entry(gettimeofday_us())"},
      {"a =~ \"^x\" \"y$\"", "(a =~ \"^xy$\")"},
  });
}

TEST(Expression, TargetVariablesParse) {
  expect_all({
      {"$foo->bar->baz", "$foo->bar->baz"},
      {"$foo->bar[1]->next", "$foo->bar[1]->next"},
      {"$a[i + 1] + 1", "($a[i+1] + 1)"},
      {"$$vars", "$$vars"},
      {"$$parms$", "$$parms$"},
      {"$x$$ . \"\"", "($x$$ . \"\")"},
      {"@cast(p, \"task_struct\", \"kernel\")->mm->pgd",
       "@cast(p,\"task_struct\",\"kernel\")->mm->pgd"},
      {"@cast(p, \"a\")$", "@cast(p,\"a\")$"},
      {"&$task->comm", "&$task->comm"},
      {"a & &$b", "(a & &$b)"},
      {"p->pid + 1", "(p->pid + 1)"},
      {"f(x)->string", "f(x)->string"},
      {"@defined($x->y) ? $x : 0", "(@defined($x->y) ? $x : 0)"},
      {"@var(\"jiffies@timer.c\") + 1", "(@var(\"jiffies@timer.c\") + 1)"},
      {"%{ 1 + 1 %} + 2", "(%{ 1 + 1 %} + 2)"},
  });
}

TEST(Expression, Mistakes) {
  expect_all({
      {"a +", "expected-expression at 3:1"},
      {"a + * b", "expected-expression at 2:5"},
      {"(a", "unclosed-bracket at 3:1"},
      {"f(a, )", "expected-expression at 2:6"},
      {"f(a", "unclosed-bracket at 3:1"},
      {"a[]", "expected-expression at 2:3"},
      {"a[1", "unclosed-bracket at 3:1"},
      {"a[*] = 1", "unexpected-wildcard at 2:3"},
      {"f(a[*])", "unexpected-wildcard at 2:5"},
      {"1 = a", "not-assignable at 2:1"},
      {"f() <<< a", "not-assignable at 2:1"},
      {"a + b = c", "not-assignable at 2:1"},
      {"(a + b)++", "not-assignable at 2:2"},
      {"++1", "not-assignable at 2:3"},
      {"@count(a) = 1", "not-assignable at 2:1"},
      {"[a, b]", "unexpected-token at 3:1"},
      {"a in b in c", "expected-statement at 2:8"},
      {"a in 5", "unexpected-token at 2:6"},
      {"a =~ b", "expected-pattern at 2:6"},
      {"a ? b", "unexpected-token at 3:1"},
      {"a >>>= b", "unsupported-operator at 2:3"},
      {"@cuont(a)", "unknown-macro at 2:1"},
      {"@count a", "unexpected-token at 2:8"},
      {"limit = 5", "expected-statement at 2:1"},
      {"a = string", "expected-expression at 2:5"},
      {"a->5", "unexpected-token at 2:4"},
  });
}

TEST(Expression, NestingIsLimited) {
  const std::string parens(100000, '(');
  EXPECT_EQ(parsed_body(parens), "nested-too-deeply at 2:256");
  EXPECT_EQ(parsed_body("a = " + std::string(100000, '!') + "b"), "nested-too-deeply at 2:259");
  EXPECT_EQ(parsed_body("a" + std::string(100, '(') + std::string(100, ')') + "x"),
            "expected-expression at 2:102");
  std::string sum = "a = 1";
  for (int i = 0; i < 100000; ++i) sum += "+1";
  EXPECT_EQ(parsed_body(sum), "expression-too-long at 2:4006");
  std::string chain = "a";
  for (int i = 0; i < 100000; ++i) chain += "=a";
  EXPECT_EQ(parsed_body(chain), "nested-too-deeply at 2:511");
}

TEST(Expression, DeepButReasonableNestingParses) {
  const std::string text = std::string(200, '(') + "a" + std::string(200, ')');
  EXPECT_EQ(parsed_body(text), "a");
}

// Of a text that is nothing but an expression.
std::string lone(const std::string& text) {
  SourceMap sources;
  const auto parsed = parse_expression(sources, sources.add("t", text), {});
  if (!parsed.value) return std::string(parsed.diagnostics.all().front().name.text());
  return ast::dump(**parsed.value);
}

TEST(Expression, Alone) {
  EXPECT_EQ(lone("size > 1 /* and more */"), "(size > 1)");
  EXPECT_EQ(lone("1) next; if ((1"), "unexpected-token");
  EXPECT_EQ(lone("1; exit()"), "unexpected-token");
  EXPECT_EQ(lone("size >"), "expected-expression");
}

}  // namespace
}  // namespace socktap::language
