#include "plan/filter.h"

#include <gtest/gtest.h>

#include "language/language.h"
#include "language/program_dump_expression.h"

namespace socktap::plan {
namespace {

// What a script's first handler is filtered by and why the rest is not, as people read it.
struct Row {
  std::string_view script;
  std::string_view expected;
};

std::string filter_of(std::string_view script) {
  SourceMap sources;
  const auto id = sources.add("t.stp", std::string(script));
  const auto parsed = language::parse(sources, id, {});
  if (!parsed.value) return "is no script";
  const auto program = language::check(*parsed.value, {});
  if (!program.value) return "means nothing";
  const language::Handler& handler = program.value->handlers.front();
  const Filter filter =
      leading_filter(*program.value, handler, {Part::filter, settled_globals(*program.value)});
  std::string text;
  for (const Conjunct& conjunct : filter.conjuncts) {
    if (!text.empty()) text += " and ";
    text += conjunct.holds ? "" : "not ";
    text += language::dump_expression(*conjunct.condition, {*program.value, handler.locals});
  }
  for (const Note& note : filter.notes) text += "; " + note.text();
  return text;
}

class FilterOf : public testing::TestWithParam<Row> {};
TEST_P(FilterOf, AHandler) { EXPECT_EQ(filter_of(GetParam().script), GetParam().expected); }

constexpr Row rows[] = {
    // What a handler begins with.
    {"probe socket.send { println(size) }", ""},
    {"probe socket.send { if (size > 100) println(size) }", "(event.size > 100)"},
    {"probe socket.send { if (size > 100) { println(size) } }", "(event.size > 100)"},
    {"probe socket.send { if (size > 100) println(size); else println(0) }", ""},
    {"probe socket.send { if (size < 100) next; println(size) }", "not (event.size < 100)"},
    {"probe socket.send { if (size < 100) { next } if (pid() == 7) next\n println(size) }",
     "not (event.size < 100) and not (pid() == 7)"},
    {"probe socket.send { if (size > 100) println(1); println(size) }", ""},
    {"probe socket.send { println(1); if (size > 100) next; println(size) }", ""},
    {"probe socket.send { if (size > 1) if (size < 9) println(size) }",
     "(event.size > 1) and (event.size < 9)"},
    {"probe socket.send { if (size > 1) { if (size < 9) println(size); println(2) } }",
     "(event.size > 1)"},
    {"probe socket.send { if (fd == 3 && netns != 5 && cgroup == 7) println(1) }",
     "(event.fd == 3) and (event.netns != 5) and (event.cgroup == 7)"},
    {"probe socket.send { if (local_port == 80 || remote_port == 80) println(1) }",
     "((event.local_port == 80) || (event.remote_port == 80))"},
    {"probe socket.close { if (uid() == 0) if (path == \"/run/x\") println(1) }",
     "(uid() == 0); this condition is tested in the machine: it compares texts other than "
     "execname() with a literal"},
    {"probe socket.send if (size > 1) { if (size < 9) println(size) }",
     "(event.size > 1) and (event.size < 9)"},
    {"probe socket.send { if (size > 1) next; else println(1) }", ""},
    {"probe socket.send { if (!success) next; println(size) }", "event.success"},
    {"probe socket.send { if (success && size > 1 || protocol == 6) println(size) }",
     "((event.success && (event.size > 1)) || (event.protocol == 6))"},
    {"probe socket.send { if (success && size > 1 && protocol == 6) println(size) }",
     "event.success and (event.size > 1) and (event.protocol == 6)"},
    {"probe socket.send { if (size < 1 || protocol == 6) next; println(size) }",
     "not (event.size < 1) and not (event.protocol == 6)"},
    {"probe socket.send { if (!(size < 1 || !(pid() == 6))) println(size) }",
     "not (event.size < 1) and (pid() == 6)"},
    {"probe socket.send { { if (size > 1) println(1) } println(2) }", ""},
    {"probe a = socket.send { if (size > 1) println(1) } probe a { println(2) }", ""},
    {"probe a = socket.send { if (size < 1) next } probe a { if (type == 2) println(2) }",
     "not (event.size < 1) and (event.type == 2)"},
    // What the kernel can compute.
    {"probe socket.send { if (execname() == \"nginx\") println(size) }",
     "(execname() == \"nginx\")"},
    {"probe socket.send { if (\"nginx\" != execname()) println(size) }",
     "(\"nginx\" != execname())"},
    {"probe socket.send { if ((size * 2 - 1) << 3 & ~family ? type : -uid()) println(size) }",
     "(((((event.size * 2) - 1) << 3) & (~event.family)) ? event.type : (-uid()))"},
    {"probe socket.create.return { if (err) println(err) }", "event.err"},
    // What it cannot.
    {"global n probe socket.send { if (size > 1 && n++ > 5 && size < 9) println(size) }",
     "(event.size > 1); this condition is tested in the machine: it assigns"},
    {"global n probe socket.send { if (n > 5) next; if (size < 9) println(size) } "
     "probe end { n = 1 }",
     "; this condition is tested in the machine: it reads the global n"},
    {"global a probe socket.send { if ([pid()] in a) println(size) } probe end { a[1] = 1 }",
     "; this condition is tested in the machine: it reads the global a"},
    {"probe socket.send { if (100 / size > 2) println(size) }",
     "; this condition is tested in the machine: `/` may fail"},
    {"probe socket.send { if (name == \"sendmsg\") println(size) }",
     "; this condition is tested in the machine: it compares texts other than execname() with a "
     "literal"},
    {"probe socket.send { if (execname() =~ \"^ng\") println(size) }",
     "; this condition is tested in the machine: regular expressions are matched there"},
    {"probe socket.send { if (execname() < \"b\") println(size) }",
     "; this condition is tested in the machine: it compares the order of texts"},
    {"probe socket.send { if (execname() == pexecname()) println(size) }",
     "; this condition is tested in the machine: it compares texts other than execname() with a "
     "literal"},
    {"probe socket.send { if (gettimeofday_s() > 5) println(size) }",
     "; this condition is tested in the machine: `gettimeofday_s()` is answered there"},
    {"probe socket.send { if (target() == pid()) println(size) }", "(target() == pid())"},
    {"function f(x) { return x } probe socket.send { if (f(size)) println(size) }",
     "; this condition is tested in the machine: it calls the function f"},
    {"probe socket.send { x = size; if (x > 5) println(x) }", ""},
    {"probe socket.send { if (size + (size * (size - (size & (size | uid())))) > 1) println(1) }",
     "; this condition is tested in the machine: it is nested too deep"},
};
INSTANTIATE_TEST_SUITE_P(Filter, FilterOf, testing::ValuesIn(rows));

}  // namespace
}  // namespace socktap::plan
