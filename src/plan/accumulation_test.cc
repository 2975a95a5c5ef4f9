#include "plan/accumulation.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "language/language.h"
#include "plan/plan.h"

namespace socktap::plan {
namespace {

// What becomes of a script's handlers of events: "kernel", or why not; and what is kept.
struct Row {
  std::string_view script;
  std::string_view handlers;
  std::string_view kept = "";
};

class Placed {
 public:
  explicit Placed(std::string_view script) {
    const auto parsed = language::parse(sources_, sources_.add("t.stp", std::string(script)), {});
    EXPECT_TRUE(parsed.value) << script;
    auto checked = language::check(*parsed.value, {});
    EXPECT_TRUE(checked.value) << script;
    program_ = std::move(*checked.value);
    plan_ = make_plan(program_, {.filters = true, .accumulates = true});
  }

  std::string handlers() const {
    std::string text;
    for (const HandlerPlan& handler : plan_.handlers) {
      if (handler.points.empty()) continue;
      if (!text.empty()) text += "; ";
      text += handler.in_kernel       ? "kernel"
              : handler.notes.empty() ? "?"
                                      : handler.notes.back().text();
    }
    return text;
  }

  // The lines of the dump that say so.
  std::string kept() const {
    const std::string text = dump(plan_), mark = "kept where events arise: ";
    std::string lines;
    for (std::size_t at = 0; (at = text.find(mark, at)) != std::string::npos;) {
      at += mark.size();
      lines += (lines.empty() ? "" : "; ") + text.substr(at, text.find('\n', at) - at);
    }
    return lines;
  }

  const Plan& plan() const { return plan_; }

 private:
  SourceMap sources_;
  language::TypedProgram program_;
  Plan plan_;
};

class AccumulationOf : public testing::TestWithParam<Row> {};
TEST_P(AccumulationOf, AScript) {
  const Placed placed(GetParam().script);
  EXPECT_EQ(placed.handlers(), GetParam().handlers);
  EXPECT_EQ(placed.kept(), GetParam().kept);
}

constexpr Row rows[] = {
    // The kinds of updates.
    {"global n; probe socket.send { n++ } probe end { println(n) }", "kernel", "sum of n"},
    {"global n; probe socket.send { n += size; n -= 2; --n } probe end { println(n) }", "kernel",
     "sum of n"},
    {"global s; probe socket.send { s <<< size } probe end { println(@max(s)) }", "kernel",
     "statistic of s"},
    {"global s; probe socket.send { s <<< size } probe end { print(@hist_log(s)) }", "kernel",
     "statistic of s"},
    {"global n; probe socket.send { n = size } probe end { println(n) }", "kernel",
     "last value of n"},
    {"global who; probe socket.send { who = execname() } probe end { println(who) }", "kernel",
     "last value of who"},
    {"global n; probe socket.send { n *= 2 } probe end { println(n) }",
     "runs in the machine: what it makes of n depends on what that was"},
    {"global n; probe socket.send { n .= \"x\" } probe end { println(n) }",
     "runs in the machine: what it makes of n depends on what that was"},
    {"global n; probe socket.send { n++; n = 0 } probe end { println(n) }",
     "runs in the machine: n is updated in different ways"},
    {"global s; probe socket.send { s <<< size } probe end { println(@variance(s)) }",
     "runs in the machine: the variance of s is asked for"},
    // Keys.
    {"global n; probe socket.send { n[pid(), execname(), name]++ } probe end { foreach ([a, b, c] "
     "in n) println(a, b, c) }",
     "kernel", "sum of n by [number, text of the event, known text], 2048 entries"},
    {"global n[9]; probe socket.send { n[sock_fam_num2str(family)] += size } probe end { foreach "
     "(a "
     "in n) println(a) }",
     "kernel", "sum of n by [sock_fam_num2str], 4096 entries"},
    {"global n, s; probe socket.send { n[pid()]++; s[pid()] <<< size } probe end { foreach (a in "
     "n) "
     "println(a, @sum(s[a])) }",
     "kernel", "sum of n, statistic of s by [number], 4096 entries"},
    {"global n; probe socket.send { n[pid()]++ } probe socket.receive { n[uid()]++ } probe end { "
     "foreach (a in n) println(a) }",
     "kernel; kernel", "sum of n by [number], 2048 entries; sum of n by [number], 2048 entries"},
    {"global n%[5]; probe socket.send { n[pid()]++ } probe end { foreach (a in n) println(a) }",
     "runs in the machine: n drops its oldest entries"},
    {"global n[9000000]; probe socket.send { n[pid()]++ } probe end { foreach (a in n) println(a) "
     "}",
     "runs in the machine: n has room for too many entries"},
    {"global n; probe socket.send { n[execname() . \"x\"]++ } probe end { foreach (a in n) "
     "println(a) }",
     "runs in the machine: it makes a text"},
    {"global n[7], m[9]; probe socket.send { n[pid()]++; m[pid()]++ } probe end { foreach (a in n) "
     "println(a, m[a]) }",
     "kernel", "sum of n, sum of m by [number], 16 entries"},
    {"global n[900000], m[900000]; probe socket.send { n[pid()]++; m[pid()]++ } probe end { "
     "foreach "
     "(a in n) println(a, m[a]) }",
     "kernel", "sum of n, sum of m by [number], 1800000 entries"},
    // What the body is made of.
    {"global n; probe socket.send { if (!success) next; if (size > 9) n++; else n += 2 } probe end "
     "{ println(n) }",
     "kernel", "sum of n"},
    {"global n; probe socket.send { x = size * 2; x++; if (x > 7) n += x } probe end { println(n) "
     "}",
     "kernel", "sum of n"},
    {"global n; probe socket.send if (pid() == target()) { n++ } probe end { println(n) }",
     "kernel", "sum of n"},
    {"global n; probe socket.send { n++; println(size) } probe end { println(n) }",
     "runs in the machine: it prints"},
    {"global n; probe socket.send { n += size / 2 + size % 1024 } probe end { println(n) }",
     "kernel", "sum of n"},
    {"global n; probe socket.send { n += size / type } probe end { println(n) }",
     "runs in the machine: `/` may fail"},
    {"global n; probe socket.send { n += size % -2 } probe end { println(n) }",
     "runs in the machine: `%` may fail"},
    {"global n; probe socket.send { for (i = 0; i < 3; i++) n++ } probe end { println(n) }",
     "runs in the machine: it loops"},
    {"global n; probe socket.send { n[pid()]++; delete n[3] } probe end { foreach (a in n) "
     "println(a) "
     "}",
     "runs in the machine: it deletes"},
    {"global n; probe socket.send { try { n++ } catch { n-- } } probe end { println(n) }",
     "runs in the machine: it catches errors"},
    {"global n; function f(x) { return x + 1 } probe socket.send { n += f(size) } probe end { "
     "println(n) }",
     "runs in the machine: it calls the function f"},
    {"global n; probe socket.send { n += randint(9) } probe end { println(n) }",
     "runs in the machine: `randint()` is answered there"},
    {"probe socket.send { }", "runs in the machine: it updates nothing"},
    // Where.
    {"global n; probe netdev.receive { n++ } probe end { println(n) }",
     "runs in the machine: only what happens to sockets is handled in the kernel"},
    {"global n; probe socket.send, timer.s(1) { n++ } probe end { println(n) }",
     "runs in the machine: it runs for other things than events, too"},
    // Who else looks at it.
    {"global n; probe socket.send { n++ } probe timer.s(1) { println(n); n = 0 } probe end { "
     "println(n) }",
     "kernel", "sum of n"},
    {"global n; probe socket.send { n++ } probe timer.ms(5) { println(n) }",
     "runs in the machine: timer.ms(5) looks at n too often"},
    {"global n; probe socket.send { n++ } probe socket.close { println(n) }",
     "runs in the machine: a handler that runs in the machine uses n; "
     "runs in the machine: it prints"},
    {"global n, m; probe socket.send { n++; m++ } probe socket.receive { m++ } probe socket.close "
     "{ "
     "println(n) } probe end { println(m) }",
     "runs in the machine: a handler that runs in the machine uses n; "
     "runs in the machine: a handler that runs in the machine uses m; "
     "runs in the machine: it prints"},
    {"global n; function show() { println(n) } probe socket.send { n++ } probe process.end { "
     "show() "
     "}",
     "runs in the machine: a handler that runs in the machine uses n; runs in the machine: only "
     "what "
     "happens to sockets is handled in the kernel"},
    {"global n; probe socket.send { n += size; if (n > 9) n = 0 } probe end { println(n) }",
     "runs in the machine: it reads the global n"},
    // What only begin writes.
    {"global n, ports; probe begin { ports[6] = 1 } probe socket.send { if (protocol in ports) n++ "
     "} "
     "probe end { println(n) }",
     "kernel", "sum of n"},
    {"global n, names; probe begin { names[\"a\", 1] = 1 } probe socket.send { if (!([execname(), "
     "success] in names)) next; n++ } probe end { println(n) }",
     "kernel", "sum of n"},
    {"global n, most = 100; probe socket.send { if (size > most) n += most } probe end { "
     "println(n) }",
     "kernel", "sum of n"},
    {"global n, ports; probe begin { ports[6] = 1 } probe timer.s(9) { delete ports } probe "
     "socket.send { if (protocol in ports) n++ } probe end { println(n) }",
     "runs in the machine: it reads the global ports"},
    {"global n, ports; probe begin { ports[6, 1] = 1 } probe socket.send { if ([protocol, *] in "
     "ports) n++ } probe end { println(n) }",
     "runs in the machine: it asks for any key"},
    {"global n, ports; probe begin { ports[6] = 1 } probe socket.send { n += 1 + (protocol in "
     "ports) "
     "} probe end { println(n) }",
     "kernel", "sum of n"},
    {"global n, a, b; probe begin { a[6] = 1; b[1] = 1 } probe socket.send { if ((protocol in a) "
     "in b) n++ } probe end { println(n) }",
     "runs in the machine: it looks into an array for a key"},
    {"global n, names; probe begin { names[\"TCP\"] = 1 } probe socket.send { if "
     "(sock_prot_num2str(protocol) in names) n++ } probe end { println(n) }",
     "runs in the machine: it makes a text"},
    {"global n, text = \"a\"; probe socket.send { if (execname() == text) n++ } probe end { "
     "println(n) }",
     "runs in the machine: it compares texts other than execname() with a literal"},
    {"global n, least; probe begin { least[1] = 5 } probe socket.send { if (size > least[type]) "
     "n++ } "
     "probe end { println(n) }",
     "runs in the machine: it reads an element of least"},
    {"global n, ports[9000000]; probe begin { ports[6] = 1 } probe socket.send { if (protocol in "
     "ports) n++ } probe end { println(n) }",
     "runs in the machine: ports has room for too many entries"},
    // What each thread has of its own.
    {"global t, s; probe socket.sendmsg { t[tid()] = gettimeofday_us() } probe "
     "socket.sendmsg.return { "
     "if (tid() in t) { s[execname()] <<< gettimeofday_us() - t[tid()]; delete t[tid()] } } "
     "probe end { foreach (e in s) println(@avg(s[e])) }",
     "kernel; kernel",
     "statistic of s by [text of the event], 2048 entries; "
     "elements of t by [number], 2048 entries"},
    {"global t[9], n; probe socket.send { t[tid(), execname()] += size; t[tid(), execname()]-- } "
     "probe socket.receive { n += t[tid(), execname()] > 5 } probe end { println(n) }",
     "kernel; kernel", "sum of n; elements of t by [number, text of the event], 9 entries"},
    {"global t, n; probe socket.send { t[pid()] = size } probe socket.receive { n += t[pid()] } "
     "probe end { println(n) }",
     "runs in the machine: a handler that runs in the machine uses t; "
     "runs in the machine: it reads an element of t"},
    {"global t, n; probe socket.send { t[tid()] = size } probe socket.receive { n += t[tid()] } "
     "probe end { println(n); delete t }",
     "runs in the machine: a handler that runs in the machine uses t; "
     "runs in the machine: it reads an element of t"},
    {"global t, n; probe socket.send { t[tid()] = size } probe socket.receive { n += t[tid()]; "
     "foreach (x in t) n++ } probe end { println(n) }",
     "runs in the machine: a handler that runs in the machine uses t; "
     "runs in the machine: it reads an element of t"},
    {"global t, n; probe socket.send { t[tid()] = size } probe socket.receive { println(t[tid()]) "
     "} probe socket.create { n += t[tid()]; delete t[tid()] } probe end { println(n) }",
     "runs in the machine: a handler that runs in the machine uses t; "
     "runs in the machine: it prints; "
     "runs in the machine: a handler that runs in the machine uses t"},
    {"global t, n; probe socket.send { t[tid()] *= 2 } probe socket.receive { n += t[tid()] } "
     "probe end { println(n) }",
     "runs in the machine: what it makes of t depends on what that was; "
     "runs in the machine: a handler that runs in the machine uses t"},
    {"global t, n; probe socket.send { t[tid(), name] = 2 } probe socket.receive { n += "
     "t[tid(), name] } probe end { println(n) }",
     "runs in the machine: texts other than execname() are no keys of a thread's elements there; "
     "runs in the machine: texts other than execname() are no keys of a thread's elements there"},
    {"global t, n; probe socket.send { t[tid()] = size } probe socket.receive { n += t[tid()] } "
     "probe timer.s(1) { println(t[tid()]) }",
     "runs in the machine: a handler that runs in the machine uses t; "
     "runs in the machine: it reads an element of t"},
    {"global t%, n; probe socket.send { t[tid()] = size } probe socket.receive { n += t[tid()] } "
     "probe end { println(n) }",
     "runs in the machine: t drops its oldest entries; "
     "runs in the machine: t drops its oldest entries"},
    {"global t, n; probe socket.create { t[tid()] = 1 } probe socket.close { n += t[tid()] } probe "
     "end { println(n) }",
     "runs in the machine: a handler that runs in the machine uses t; "
     "runs in the machine: it reads an element of t"},
    {"global t, n; probe socket.send { if (tid() in t) println(t[tid()] + 1) } probe "
     "socket.receive { n += tid() in t } probe end { println(n) }",
     "runs in the machine: it prints; kernel", "sum of n"},
    // The time.
    {"global n; probe socket.send { n = gettimeofday_s() } probe end { println(n) }", "kernel",
     "last value of n"},
    {"global t, n; probe socket.send { t[tid(), local_clock_s()] = 1 } probe socket.receive { n "
     "+= t[tid(), 1] } probe end { println(n) }",
     "runs in the machine: it asks for the time for a key; "
     "runs in the machine: a handler that runs in the machine uses t"},
    // What ends the run.
    {"global n; probe socket.send { n++ } probe timer.ms(5) { exit() } probe end { println(n) }",
     "runs in the machine: a handler of events, or of a fast timer, may end the run"},
    {"global n, m; probe socket.send { n++; m++ } probe error { println(n) } probe end { "
     "println(m) }",
     "runs in the machine: an error handler looks at n"},
    {"global n; probe socket.send { n++ } probe socket.close { exit() } probe end { println(n) }",
     "runs in the machine: a handler of events, or of a fast timer, may end the run; runs in the "
     "machine: `exit()` is "
     "answered there"},
    {"global n; function stop() { error(\"x\") } probe socket.send { n++ } probe socket.close { "
     "stop() } probe end { println(n) }",
     "runs in the machine: a handler of events, or of a fast timer, may end the run; runs in the "
     "machine: it calls the "
     "function stop"},
    {"global n; probe socket.send { n++ } probe timer.s(1) { exit() } probe end { println(n) }",
     "kernel", "sum of n"},
};
INSTANTIATE_TEST_SUITE_P(All, AccumulationOf, testing::ValuesIn(rows));

TEST(Accumulation, WhoLooksFindsMergedWhatWasKept) {
  const Placed placed(
      "global n, m = 5; probe socket.send { n++ } probe begin { println(m, n) } probe end { "
      "println(n) } "
      "probe timer.s(1) { println(m) } probe timer.s(2) { exit() } probe timer.s(3) { n = 0 }");
  std::vector<bool> merged;
  for (const HandlerPlan& handler : placed.plan().handlers) merged.push_back(handler.finds_merged);
  EXPECT_EQ(merged, (std::vector<bool>{false, false, true, false, true, true}));
}

TEST(Accumulation, NothingIsKeptWhereTheSourceCannot) {
  SourceMap sources;
  const auto parsed = language::parse(
      sources, sources.add("t.stp", "global n; probe socket.send { n++ } probe end { println(n) }"),
      {});
  const auto program = language::check(*parsed.value, {});
  const Plan plan = make_plan(*program.value, {.filters = true});
  EXPECT_FALSE(plan.handlers[0].in_kernel);
  EXPECT_TRUE(plan.tables.empty());
}

}  // namespace
}  // namespace socktap::plan
