#include <gtest/gtest.h>

#include <algorithm>

#include "language/parsed_text.h"

namespace socktap::language {
namespace {

struct Case {
  const char* text;
  const char* expected;
  std::vector<std::string> arguments = {};
};

// The texts of the tokens that reach the parser, or the diagnostics.
std::string preprocessed(const std::string& text, std::vector<std::string> arguments = {}) {
  SourceMap sources;
  auto tokens = lex(sources, sources.add("a.stp", text));
  if (!tokens.value) return dump(tokens.diagnostics, sources);
  const auto outcome =
      preprocess(std::move(*tokens.value), sources, fixed_invocation(std::move(arguments)));
  if (!outcome.value) return dump(outcome.diagnostics, sources);
  std::string out;
  for (const Token& token : *outcome.value) {
    if (!out.empty()) out += ' ';
    out += sources.text(token.span);
  }
  return out;
}

void expect_all(const std::vector<Case>& cases) {
  for (const auto& [text, expected, arguments] : cases) {
    EXPECT_EQ(preprocessed(text, arguments), expected) << text;
  }
}

TEST(Arguments, ReplaceTokens) {
  expect_all({
      {"a = $1", "a = 5 + 5", {"5+5"}},
      {"a = @1", "a = \"5+5\"", {"5+5"}},
      {"@2 $1", "\"say \\\"hi\\\"\" x", {"x", "say \"hi\""}},
      {"$# @#", "2 \"2\"", {"a", "b"}},
      {"$# @#", "0 \"0\""},
      {"$1 a", "a", {""}},
      {"@1", "\"\"", {""}},
      {"@1", "\"a\\nb\"", {"a\nb"}},
      {"$10 $01", "j a", {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"}},
      {"\"$1\" # $2", "\"$1\"", {"a"}},
  });
}

TEST(Arguments, Mistakes) {
  expect_all({
      {"a $3 b", "not-enough-arguments at 1:3", {"x", "y"}},
      {"@1", "not-enough-arguments at 1:1"},
      {"$2 $2 @2", "not-enough-arguments at 1:1\nnot-enough-arguments at 1:7"},
      {"$0", "not-enough-arguments at 1:1", {"x"}},
      {"$99999999999999999999", "not-enough-arguments at 1:1", {"x"}},
      {"$1", "nested-argument at 1:1", {"$2", "x"}},
      {"$1", "unterminated-string at 1:1", {"\"x"}},
  });
}

TEST(Arguments, SayWhatIsMissing) {
  SourceMap sources;
  const auto source = sources.add("a.stp", "probe begin { exit($3) }");
  const auto outcome = parse(sources, source, fixed_invocation({"one"}));
  ASSERT_EQ(outcome.diagnostics.all().size(), 1u);
  EXPECT_EQ(outcome.diagnostics.all()[0].message,
            "not enough script arguments: $3 is used, 1 given");
}

TEST(Conditional, Selects) {
  expect_all({
      {"a %( 1 == 1 %? b %: c %) d", "a b d"},
      {"a %( 1 == 2 %? b %: c %) d", "a c d"},
      {"a %( 1 == 2 %? b %) d", "a d"},
      {"%( 1 == 1 %? %( 2 == 1 %? a %: b %) c %: d %)", "b c"},
      {"%( 1 == 2 %? **ERROR** @unknown $5 %: a %)", "a"},
      {"%( 1 == 2 %? $1 %: 7 %)", "7"},
      {"%( $# > 0 %? $1 %: 7 %)", "3", {"3"}},
      {"%( $# == 1 && @1 == \"x\" %? a %: b %)", "a", {"x"}},
      {"%( $# == 1 && @1 == \"x\" %? a %: b %)", "b"},
      {"%( $# == 0 || @1 == \"x\" %? a %: b %)", "a"},
      {"%( $1 > 5 %? a %: b %)", "b", {"-6"}},
      {"%( defined($1) %? $1 %: b %)", "b"},
      {"%( defined(@1) %? @1 %: b %)", "\"\"", {""}},
  });
}

TEST(Conditional, Comparisons) {
  const struct {
    const char* condition;
    bool holds;
  } cases[] = {
      {"1 < 2", true},
      {"2 <= 1", false},
      {"-1 > -2", true},
      {"3 >= 3", true},
      {"1 != 1", false},
      {"\"a\" == \"a\"", true},
      {"\"a\" < \"b\"", true},
      {"\"a\" == \"*\"", false},
      {"\"a\" \"b\" == \"ab\"", true},
      {"kernel_v >= \"2.6.32\"", true},
      {"kernel_v == \"6.1.57\"", true},
      {"kernel_v < \"6.10\"", true},
      {"kernel_v > \"6.1.9\"", true},
      {"kernel_vr == \"6.1.57-13-amd64\"", true},
      {"kernel_vr == \"6.1.*-amd64\"", true},
      {"kernel_vr != \"6.1.*-amd64\"", false},
      {"kernel_v == \"5.*\"", false},
      {"systemtap_v == \"4.8\"", true},
      {"systemtap_v >= \"4.10\"", false},
      {"systemtap_v <= \"1.8\"", false},
      {"arch == \"x86_64\"", true},
      {"arch != \"i?86\"", true},
      {"runtime == \"kernel\"", true},
      {"runtime != \"bpf\"", true},
      {"systemtap_privilege != \"stapusr\"", true},
      {"guru_mode == 0", true},
      {"CONFIG_NET == \"y\"", true},
      {"CONFIG_NET == \"[ym]\"", true},
      {"CONFIG_MISSING == \"\"", true},
      {"CONFIG_HZ > 100", true},
      {"CONFIG_HZ >= CONFIG_MISSING", true},
      {"CONFIG_MISSING == 0", true},
      {"CONFIG_PHYSICAL_START == 0x1000000", true},
      {"CONFIG_NET == CONFIG_HZ", false},
      {"CONFIG_NET != CONFIG_NET", false},
      {"1 == 1 && 2 == 1 || 3 == 3", true},
      {"1 == 2 && 1 == 1 || 1 == 2", false},
      {"1 == 1 || 1 == 2 && 1 == 3", true},
  };
  for (const auto& [condition, holds] : cases) {
    EXPECT_EQ(preprocessed(std::string("%( ") + condition + " %? yes %: no %)"),
              holds ? "yes" : "no")
        << condition;
  }
}

TEST(Conditional, Mistakes) {
  expect_all({
      {"a %( 1 == 1 %? b", "unterminated-conditional at 1:3"},
      {"a %)", "misplaced-conditional at 1:3"},
      {"%? a", "misplaced-conditional at 1:1"},
      {"%( 1 == 1 %: a %)", "misplaced-conditional at 1:11"},
      {"%( 1 == 1 %? a %? b %)", "misplaced-conditional at 1:16"},
      {"%( 1 == 1 %? a %: b %: c %)", "misplaced-conditional at 1:21"},
      {"%( 1 == 1 %)", "bad-condition at 1:1"},
      {"%( %? a %)", "bad-condition at 1:1"},
      {"%( 1 %? a %)", "bad-condition at 1:1"},
      {"%( 1 == \"a\" %? b %)", "bad-condition at 1:9"},
      {"%( kernel_v > 5 %? b %)", "bad-condition at 1:15"},
      {"%( foo == \"a\" %? b %)", "bad-condition at 1:4"},
      {"%( 1 = 1 %? b %)", "bad-condition at 1:6"},
      {"%( 1 == 1 2 %? b %)", "bad-condition at 1:11"},
      {"%( 1 == 1 && %? b %)", "bad-condition at 1:1"},
      {"%( (1 == 1) %? b %)", "bad-condition at 1:4"},
      {"%( CONFIG_NET > 1 %? b %)", "bad-condition at 1:4"},
      {"%( $1 == 1 %? b %)", "not-enough-arguments at 1:4"},
      {"%( @nope == 1 %? b %)", "unknown-macro at 1:4"},
  });
}

TEST(Conditional, WarnsOnceWhereTheKernelTellsNoConfiguration) {
  SourceMap sources;
  const auto source = sources.add("a.stp",
                                  "probe begin { } %( 1 == 2 && CONFIG_A == \"y\" %? x %)\n"
                                  "%( CONFIG_A == \"y\" %? x %) %( CONFIG_B != \"\" %? x %)");
  Invocation invocation = fixed_invocation();
  invocation.kernel_config.reset();
  const auto outcome = parse(sources, source, invocation);
  ASSERT_TRUE(outcome.value);
  EXPECT_EQ(dump(outcome.diagnostics, sources), "warning unknown-kernel-config at 2:4");
}

TEST(Macro, Expands) {
  expect_all({
      {"@define a %( x %) @a @a", "x x"},
      {"@define a() %( x %) @a", "x"},
      {"@define add(a,b) %( ((@a)+(@b)) %) @add(2, f(3, 4))", "( ( 2 ) + ( f ( 3 , 4 ) ) )"},
      {"@define a(x) %( @x[1, 2] %) @a(b[3,4])", "b [ 3 , 4 ] [ 1 , 2 ]"},
      {"@define a %( x %) @define b %( @a y %) @b", "x y"},
      {"@define a(x) %( <@x> %) @define b(x) %( @a(@x @x) %) @b(1)", "< 1 1 >"},
      {"@define a(x) %( <@x> %) @a(@a(@a(1)))", "< < < 1 > > >"},
      {"@define a(x, y) %( @y @x %) @a(, 1)", "1"},
      {"@define a(x) %( @x %) @a()", ""},
      {"@define a %( %) b @a c", "b c"},
      {"@define a(x) %( %( @x == 1 %? one %: many %) %) @a(1) @a(2)", "one many"},
      {"@define a(x) %( @x %) @a(%( 1 == 1 %? b, c %))", "b , c"},
      {"@define a %( 5 %) %( @a > 4 %? big %: small %)", "big"},
      {"%( 1 == 1 %? @define a %( x %) %: @define a %( y %) %) @a", "x"},
      {"@define count(s) %( mine @s %) @count(1)", "mine 1"},
      {"@define long %( x %) @long", "x"},
      {"@define a(x) %( $1 @x %) @a(2)", "5 2", {"5"}},
      {"%( defined(@a) %? a %: b %) @define a %( %)", "b"},
      {"@define a %( 1 %) %( defined(@a) %? a %: b %)", "a"},
  });
}

TEST(Macro, TheLibraryHasSome) {
  EXPECT_EQ(preprocessed("@choose_defined($x, 0)"), "( @defined ( $x ) ? ( $x ) : ( 0 ) )");
  EXPECT_EQ(preprocessed("@this3 = 1"), "private global __this3 __this3 [ tid ( ) ] = 1");
  EXPECT_EQ(preprocessed("@try_assign(a, f(), 0)"), "try { a = f ( ) } catch { a = 0 }");
  EXPECT_EQ(preprocessed("@define this3 %( mine %) @this3"), "mine");
  EXPECT_EQ(parsed_body("@prints2(s)").substr(0, 44),
            "foreach ([__key1, __key2] in s-)\n  print(\"[\"");
}

TEST(Macro, Mistakes) {
  expect_all({
      {"@nope @nope", "unknown-macro at 1:1"},
      {"@a @define a %( %)", "unknown-macro at 1:1"},
      {"@define a %( @a %) @a", "recursive-macro at 1:14"},
      {"@define a %( @b %) @define b %( @a %) @a", "recursive-macro at 1:33"},
      {"@define a %( %) @define a %( %)", "macro-redefined at 1:25"},
      {"@define a(x) %( %) @a", "bad-macro-arguments at 1:20"},
      {"@define a(x) %( %) @a(1, 2)", "bad-macro-arguments at 1:20"},
      {"@define a(x) %( %) @a(1", "bad-macro-arguments at 1:22"},
      {"@define", "bad-define at 1:1"},
      {"@define 5 %( %)", "bad-define at 1:1"},
      {"@define a x", "bad-define at 1:9"},
      {"@define a(5) %( %)", "bad-define at 1:10"},
      {"@define a(x %( %)", "bad-define at 1:10"},
      {"@define a(x, x) %( %) @a(1, 2)", "bad-define at 1:14"},
      {"@define a %( x", "unterminated-conditional at 1:11"},
      {"@define a %( @define b %( %) %) @a", "nested-define at 1:14"},
  });
}

TEST(Macro, BombsAreDefused) {
  std::string text = "@define m0 %( x %)\n";
  std::string empty = "@define m0 %( %)\n";
  for (int i = 1; i < 60; ++i) {
    const std::string line = "@define m" + std::to_string(i) + " %( @m" + std::to_string(i - 1) +
                             " @m" + std::to_string(i - 1) + " %)\n";
    text += line;
    empty += line;
  }
  EXPECT_EQ(preprocessed(text + "@m59").substr(0, 19), "expansion-too-large");
  EXPECT_EQ(preprocessed(empty + "@m59").substr(0, 19), "expansion-too-large");

  std::string arguments = "@define f(x) %( @x @x %) ";
  for (int i = 0; i < 100; ++i) arguments += "@f(";
  EXPECT_EQ(preprocessed(arguments + "a" + std::string(100, ')')).substr(0, 19),
            "expansion-too-large");
  const std::string blob(4000, 'x');
  EXPECT_EQ(preprocessed("@define f(x) %( @x @x %) " + arguments.substr(25) + "\"" + blob + "\"" +
                         std::string(100, ')'))
                .substr(0, 19),
            "expansion-too-large");
  std::string nested;
  for (int i = 0; i < 10000; ++i) nested += "%( 1 == 1 %? ";
  for (int i = 0; i < 10000; ++i) nested += "%) ";
  EXPECT_EQ(preprocessed(nested).substr(0, 17), "nested-too-deeply");
}

TEST(Macro, MistakesEnd) {
  std::string unknown;
  for (int i = 0; i < 1000; ++i)
    unknown += "@unknown" + std::to_string(i) + " $" + std::to_string(i + 1);
  const std::string said = preprocessed(unknown);
  EXPECT_EQ(std::count(said.begin(), said.end(), '\n') + 1, static_cast<long>(max_errors));
}

TEST(Macro, DiagnosticsShowTheExpansion) {
  SourceMap sources;
  const auto source =
      sources.add("a.stp", "@define add(a, b) %( (@a + @b %)\nprobe begin { x = @add(1, 2) }");
  const auto outcome = parse(sources, source, fixed_invocation());
  ASSERT_EQ(outcome.diagnostics.all().size(), 1u);
  const Diagnostic& diagnostic = outcome.diagnostics.all()[0];
  EXPECT_EQ(diagnostic.name, "unclosed-bracket");
  ASSERT_EQ(diagnostic.notes.size(), 1u);
  EXPECT_EQ(sources.describe(*diagnostic.notes[0].span), "<macro @add at a.stp:2:19>:1:1");
  EXPECT_EQ(sources.text(diagnostic.notes[0].span->source), "(1 + 2");
}

}  // namespace
}  // namespace socktap::language
