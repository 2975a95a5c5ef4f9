// What the corpora under tests/language cannot say: command-line values, --strict, texts of
// diagnostics, flags of globals, size.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

#include "language/language.h"

namespace socktap::language {
namespace {

struct Checked {
  SourceMap sources;
  Outcome<TypedProgram> outcome;

  std::string rendered() const {
    std::string out;
    for (const Diagnostic& diagnostic : outcome.diagnostics.all())
      out += render(diagnostic, sources, false);
    return out;
  }
};

Checked check_text(const std::string& text, const Invocation& invocation = {}) {
  Checked checked;
  const std::uint32_t source = checked.sources.add("a.stp", text);
  const Outcome<ast::Script> script = parse(checked.sources, source, invocation);
  EXPECT_TRUE(script.value.has_value()) << text.substr(0, 200);
  if (script.value) checked.outcome = check(*script.value, invocation);
  return checked;
}

Invocation with_global(const std::string& name, const std::string& value) {
  Invocation invocation;
  invocation.globals[name] = value;
  return invocation;
}

constexpr const char* scalar = "global n = 3\nprobe begin { println(n) }\n";

TEST(Check, GlobalFromTheCommandLine) {
  const Checked checked = check_text(scalar, with_global("n", "0x10"));
  ASSERT_TRUE(checked.outcome.value) << checked.rendered();
  EXPECT_EQ(std::get<std::int64_t>(checked.outcome.value->globals[0].initial), 16);
}

TEST(Check, GlobalFromTheCommandLineKeepsItsType) {
  const Checked checked =
      check_text("global s = \"a\"\nprobe begin { println(s) }\n", with_global("s", "12"));
  ASSERT_TRUE(checked.outcome.value) << checked.rendered();
  EXPECT_EQ(std::get<std::string>(checked.outcome.value->globals[0].initial), "12");
}

TEST(Check, GlobalFromTheCommandLineMayDecideTheType) {
  const std::string text = "global v\nprobe begin { println(v) }\n";
  const Checked number = check_text(text, with_global("v", "12"));
  ASSERT_TRUE(number.outcome.value) << number.rendered();
  EXPECT_EQ(number.outcome.value->globals[0].type, Type::number);
  const Checked string = check_text(text, with_global("v", "eth0"));
  ASSERT_TRUE(string.outcome.value) << string.rendered();
  EXPECT_EQ(string.outcome.value->globals[0].type, Type::string);
}

TEST(Check, RefusesGlobalsFromTheCommandLineThatDoNotFit) {
  EXPECT_NE(check_text(scalar, with_global("n", "many")).rendered().find("is no number"),
            std::string::npos);
  EXPECT_NE(check_text(scalar, with_global("m", "1")).rendered().find("did you mean `n`?"),
            std::string::npos);
  const std::string array = "global a\nprobe begin { a[1] = 1 }\n";
  EXPECT_NE(check_text(array, with_global("a", "1")).rendered().find("`a` is an array"),
            std::string::npos);
}

TEST(Check, ArgumentsFillArgvBeforeAnyOtherHandler) {
  Invocation invocation;
  invocation.arguments = {"eth0", "5"};
  const Checked checked =
      check_text("probe begin { foreach (i in argv) println(argv[i], argc) }\n", invocation);
  ASSERT_TRUE(checked.outcome.value) << checked.rendered();
  const std::vector<Handler>& handlers = checked.outcome.value->handlers;
  ASSERT_EQ(handlers.size(), 2U);
  EXPECT_EQ(std::get<Begin>(handlers[1].points[0].trigger).order, INT64_MIN);
  const std::string text = dump(*checked.outcome.value);
  EXPECT_NE(text.find("($argv[1] = \"eth0\")\n  ($argv[2] = \"5\")"), std::string::npos) << text;
  EXPECT_NE(text.find("global argc: long = 2"), std::string::npos) << text;
}

TEST(Check, StrictRefusesMissingVariables) {
  const std::string text = "probe socket.* { println(success) }\n";
  EXPECT_TRUE(check_text(text).outcome.value);
  Invocation strict;
  strict.strict = true;
  const Checked checked = check_text(text, strict);
  EXPECT_FALSE(checked.outcome.value);
  EXPECT_EQ(checked.outcome.diagnostics.all()[0].name, "missing-variable");
}

TEST(Check, AsksTheEngineAboutRegularExpressions) {
  Invocation invocation;
  invocation.pattern_error = [](const std::string& pattern) {
    return pattern == "(" ? std::optional<std::string>("not closed") : std::nullopt;
  };
  const std::string text = "probe begin { println(\"a\" =~ \"(\", \"a\" =~ \"b\") unknown() }";
  const Checked checked = check_text(text, invocation);
  const std::vector<Diagnostic>& said = checked.outcome.diagnostics.all();
  ASSERT_EQ(said.size(), 2U) << checked.rendered();
  EXPECT_EQ(said[0].name, "bad-regex");
  EXPECT_EQ(said[0].span.begin, text.find("\"(\""));
  EXPECT_EQ(said[1].name, "unknown-function");
}

TEST(Check, ConflictsNameBothPlaces) {
  const Checked checked = check_text("global g\nprobe begin { g = 1 }\nprobe end { g = \"a\" }\n");
  EXPECT_EQ(checked.rendered(),
            "semantic error: `g` is a long, but a string is assigned to it [type-mismatch]\n"
            "  --> a.stp:3:17\n"
            "    3 | probe end { g = \"a\" }\n"
            "      |                 ^~~\n"
            "note: `g` is a long because of this\n"
            "  --> a.stp:2:19\n"
            "    2 | probe begin { g = 1 }\n"
            "      |                   ^\n"
            "hint: strtol(s, 10) makes a number of a string\n");
}

TEST(Check, MissingVariableNamesThePointAndWhatItHas) {
  const Checked checked = check_text("probe socket.close.return { println(size) }\n");
  EXPECT_EQ(checked.rendered(),
            "WARNING: `size` is no variable of `socket.close.return`: it reads 0 there "
            "[missing-variable]\n"
            "  --> a.stp:1:37\n"
            "    1 | probe socket.close.return { println(size) }\n"
            "      |                                     ^~~~\n"
            "hint: `socket.close.return` has name\n");
}

TEST(Check, HintsNameTheNearest) {
  const struct {
    std::string text, hint;
  } cases[] = {
      {"probe socket.sned { }", "did you mean `socket.send`?"},
      {"probe beginn { }", "did you mean `begin`?"},
      {"probe timer.sc(1) { }", "did you mean `timer.s`?"},
      {"probe tcp.setsockopt { }", "tcp.sendmsg, tcp.recvmsg, tcp.disconnect and their .return"},
      {"probe begin { println(gettimeofdy_us()) }", "did you mean `gettimeofday_us`?"},
      {"function helper() { return 1 } probe begin { println(helpr()) }", "did you mean `helper`?"},
      {"probe begin { printff(\"x\") }", "did you mean `printf`?"},
      {"probe socket.send { total = 1; println(totl + total) }", "did you mean `total`?"},
      {"probe socket.send { println(famly + 1) }", "did you mean `family`?"},
      {"probe begin { println(\"a\" . 1) }", "sprint(n) makes a string of a number"},
  };
  for (const auto& [text, hint] : cases) {
    const Checked checked = check_text(text);
    EXPECT_NE(checked.rendered().find("hint: " + hint), std::string::npos) << text << "\n"
                                                                           << checked.rendered();
  }
}

TEST(Check, SaysWhyWhatSystemTapHasIsNotOffered) {
  const struct {
    std::string text, why;
  } cases[] = {
      {"probe tp_syscall.open { }",
       "`tp_syscall.open` is not supported: its system calls are those of syscall.*"},
      {"probe ioblock_trace.request { }", "not about sockets"},
      {"probe begin { println(user_mode()) }", "`user_mode` is not supported"},
      {"probe begin { println(fp_add(1, 2)) }", "floating-point"},
      {"probe begin { println(string_to_fp(\"1\")) }", "floating-point"},
      {"probe begin { println(task_prio(1)) }", "task_execname"},
  };
  for (const auto& [text, why] : cases) {
    const Checked checked = check_text(text);
    EXPECT_NE(checked.rendered().find(why), std::string::npos) << text << "\n"
                                                               << checked.rendered();
  }
}

TEST(Check, TellsWhatIsReadAndWritten) {
  const Checked checked = check_text(
      "global counted, summed, asked, iterated, copied, emptied\n"
      "probe socket.send { counted++; summed[name] += size; asked[pid()] = 1; iterated[1] <<< 2\n"
      "  copied = size; x = copied++; delete emptied; println(x) }\n"
      "probe end { if (5 in asked) foreach (k in iterated) println(k) }\n"
      "probe never { emptied = 0 }\n");
  ASSERT_TRUE(checked.outcome.value) << checked.rendered();
  std::string flags;
  for (const Global& global : checked.outcome.value->globals)
    flags += fmt::format("{}{}{} ", global.name, global.is_read ? " r" : "",
                         global.is_written ? " w" : "");
  EXPECT_EQ(flags, "counted w summed w asked r w iterated r w copied r w emptied r w ");
}

TEST(Check, RefusesScriptsThatDoNothing) {
  for (const char* text : {"", "global a", "function f() { return 1 }", "probe tcp.setsockopt? { }",
                           "probe mine = begin { x = 1 }"}) {
    const Checked checked = check_text(text);
    ASSERT_EQ(checked.outcome.diagnostics.error_count(), 1U) << text << checked.rendered();
    EXPECT_EQ(checked.outcome.diagnostics.all()[0].name, "no-probes") << text;
  }
}

// A chain of operators is a tree as deep as it is long; the parser bounds it.
TEST(Check, LongestChains) {
  std::string sum = "probe begin { println(\"a\"";
  for (int i = 0; i < 1'990; ++i) sum += " . execname()";
  const Checked checked = check_text(sum + ") }");
  ASSERT_TRUE(checked.outcome.value) << checked.rendered();
  EXPECT_GT(dump(*checked.outcome.value).size(), 1'990U * 10);
}

std::string deep_tree(int branches, int operators) {
  std::string text = "probe begin { x = 0 " + std::string(200, '{');
  for (int i = 0; i < branches; ++i) text += "if (x) x = 1 else ";
  text += std::string(40, '{') + "println(\"a\"";
  for (int i = 0; i < operators; ++i) text += " . \"b\"";
  return text + ")" + std::string(240, '}') + "}";
}

// What the parser bounds, in each other: later phases recurse over it. Not dumped:
// AddressSanitizer makes the frames of that too large.
TEST(Check, DeepestTrees) {
  for (const auto& [branches, operators] : {std::pair(2'000, 200), std::pair(200, 2'000)}) {
    const Checked checked = check_text(deep_tree(branches, operators));
    ASSERT_TRUE(checked.outcome.value) << checked.rendered();
    EXPECT_EQ(checked.outcome.value->handlers.size(), 1U);
  }
  SourceMap sources;
  const auto refused = parse(sources, sources.add("a.stp", deep_tree(2'000, 1'000)), {});
  ASSERT_FALSE(refused.value);
  EXPECT_EQ(refused.diagnostics.all()[0].name, "nested-too-deeply");
}

std::string long_script(int parts) {
  std::string text = "global a0\n";
  for (int i = 1; i <= parts; ++i)
    text += fmt::format(
        "global a{0}, s{0}\n"
        "function f{0}(x, y) {{\n"
        "  if (x > 1) return f{1}(x - 1, y) . \"a\"\n"
        "  return sprintf(\"%d %s\", x, y)\n"
        "}}\n"
        "probe socket.send {{\n"
        "  a{0}[pid(), execname()] += size\n"
        "  s{0}[name] <<< size\n"
        "  foreach ([p, e] in a{0}- limit 3) println(f{0}(p, e))\n"
        "}}\n",
        i, i == 1 ? 1 : i - 1);
  return text + "probe end { a0 = 1; println(a0) }\n";
}

// Ten thousand lines: what grew with the square of the script would run into the test's timeout.
TEST(Check, TakesLongScripts) {
  SourceMap sources;
  const std::uint32_t source = sources.add("long.stp", long_script(1000));
  const Outcome<ast::Script> script = parse(sources, source, {});
  ASSERT_TRUE(script.value);
  const Outcome<TypedProgram> program = check(*script.value, {});
  ASSERT_TRUE(program.value);
  EXPECT_GT(program.value->globals.size(), 999U);
}

std::string numbered(const std::string& form, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += fmt::format(fmt::runtime(form), i);
  return text;
}

// What compared every unknown name with every known one would run into the test's timeout.
TEST(Check, MistakesInLargeScriptsAreBounded) {
  const std::string word(50'000, 'a');
  const std::string arrays = numbered("global known_array_{}\n", 2'000);
  const struct {
    std::string text;
    std::size_t errors;
  } cases[] = {
      {"function " + word + "b() {} probe begin { " + word + "c() }", 1},
      {"probe begin { " + numbered("unknown_{}() ", 30'000) + "}", 200},
      {numbered("probe syscall.zz{} {{ }}\n", 20'000), 200},
      {arrays + "probe begin { " + numbered("unkown_array_{}[1] = 1 ", 2'000) + "}", 200},
  };
  for (const auto& [text, errors] : cases) {
    const Checked checked = check_text(text);
    EXPECT_EQ(checked.outcome.diagnostics.error_count(), errors) << text.substr(0, 100);
    EXPECT_LE(checked.outcome.diagnostics.all().size(), 400U);
  }
}

TEST(Check, ManyLocalsNeverAssignedBesideManyGlobals) {
  const Checked checked =
      check_text(numbered("global known_{}\n", 3'000) + "probe begin { " +
                 numbered("known_{0} = 1 println(known_{0} + unkown_{0}) ", 3'000) + "}");
  ASSERT_TRUE(checked.outcome.value);
  const std::vector<Diagnostic>& all = checked.outcome.diagnostics.all();
  EXPECT_EQ(all.size(), 200U);
  EXPECT_EQ(std::ranges::count(all, std::string(), &Diagnostic::hint), 180);
  EXPECT_EQ(all.front().name, "never-assigned");
}

std::vector<std::string> names_of_errors(const Checked& checked) {
  std::vector<std::string> names;
  for (const Diagnostic& diagnostic : checked.outcome.diagnostics.all())
    if (diagnostic.severity != Severity::warning) names.emplace_back(diagnostic.name.text());
  return names;
}

using Strings = std::vector<std::string>;

TEST(Check, ProbePointsAreCountedAsTheyAreMade) {
  EXPECT_TRUE(check_text(numbered("probe begin({}) {{ }}\n", 20'000)).outcome.value);
  EXPECT_EQ(names_of_errors(check_text(numbered("probe begin({}) {{ }}\n", 30'000))),
            Strings{"too-many-probe-points"});
  const std::string aliases = numbered("probe al_{} = begin {{ }}\n", 200);
  EXPECT_TRUE(check_text(aliases + numbered("probe al_* {{ exit() }}\n", 100)).outcome.value);
  EXPECT_EQ(names_of_errors(check_text(aliases + numbered("probe al_* {{ }}\n", 10'000))),
            Strings{"too-many-probe-points"});
}

TEST(Check, AfterTooManyProbePointsBodiesAreCheckedStill) {
  EXPECT_EQ(names_of_errors(check_text(numbered("probe begin({}) {{ }}\n", 20'001) +
                                       "probe end { nothing_known() }")),
            (Strings{"too-many-probe-points", "unknown-function"}));
}

TEST(Check, WildcardsAreChargedByTheNamesTheyAreComparedWith) {
  const std::string aliases = numbered("probe zz{} = begin {{ }}\n", 10'000);
  const Checked narrow = check_text(aliases + numbered("probe zz{}*? {{ }}\n", 10'000));
  EXPECT_EQ(names_of_errors(narrow), Strings{"too-many-probe-points"})
      << "a number is the beginning of many";
  EXPECT_TRUE(check_text(aliases + numbered("probe zz{}*a? {{ }}\n", 10'000) + "probe begin { }")
                  .outcome.value);
  EXPECT_EQ(names_of_errors(check_text(aliases + numbered("probe *zz{}a? {{ }}\n", 10'000) +
                                       "probe begin { }")),
            Strings{"too-many-probe-points"})
      << "a hundred million comparisons";
}

TEST(Check, AliasesThatLeadNowhereMultiplyToo) {
  std::string text = "probe a0 = nowhere? { }\n";
  for (int i = 1; i <= 30; ++i) text += fmt::format("probe a{0} = a{1}, a{1} {{ }}\n", i, i - 1);
  EXPECT_EQ(names_of_errors(check_text(text + "probe a30 { }")), Strings{"too-many-probe-points"});
}

TEST(Check, CopiesOfBodiesAreBounded) {
  const std::string body = numbered("x = {} ", 1'000);
  const std::string aliases = numbered("probe al_{} = begin {{ }}\n", 1'000);
  const Checked copied = check_text(aliases + "probe al_* { " + body + "}");
  EXPECT_EQ(names_of_errors(copied), Strings{"too-many-probe-points"});
  EXPECT_EQ(copied.outcome.diagnostics.all().size(), 1U);
  EXPECT_TRUE(check_text(aliases + "probe al_* { x = 1 }").outcome.value);
}

}  // namespace
}  // namespace socktap::language
