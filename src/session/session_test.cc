// Whole runs over a synthetic source: order of handlers, timers, errors and endings.

#include "session/session.h"

#include <gtest/gtest.h>

#include "language/language.h"
#include "sources/synthetic/event_text.h"
#include "sources/synthetic/synthetic_source.h"
#include "vm/compile.h"

namespace socktap::session {
namespace {

struct MemorySink : sinks::Sink {
  std::string text;
  std::size_t refuse_after = SIZE_MAX;

  Result<void> write(const Record& record) override {
    if (text.size() >= refuse_after) return failure("closed", "", EPIPE);
    if (record.kind == RecordKind::warning) text += "WARNING: ";
    if (record.kind == RecordKind::error) text += "ERROR: ";
    text += record.text;
    if (record.kind != RecordKind::output) text += '\n';
    return {};
  }
  Result<void> flush() override { return {}; }
};

struct RunResult {
  std::string text;
  Summary summary;
};

RunResult run_text(const std::string& text, const std::vector<std::string>& lines,
                   const Options& options = {}, std::size_t refuse_after = SIZE_MAX) {
  SourceMap sources;
  const auto id = sources.add("t.stp", text);
  const auto script = language::parse(sources, id, {});
  EXPECT_TRUE(script.value) << text;
  const auto program = language::check(*script.value, {});
  for (const Diagnostic& diagnostic : program.diagnostics.all()) {
    EXPECT_EQ(diagnostic.severity, Severity::warning) << render(diagnostic, sources, false);
  }
  std::vector<Event> events;
  for (const std::string& line : lines) events.push_back(*sources::parse_event(line));
  sources::SyntheticSource source(events);
  const plan::Plan plan = plan::make_plan(*program.value, source.capabilities());
  EXPECT_TRUE(source.attach(plan, {}));
  const vm::Code code = vm::compile(*program.value);
  MemorySink sink;
  sink.refuse_after = refuse_after;
  const StopFlag stop;
  const auto summary = run(plan, code, sources, source, sink, nullptr, stop, options);
  EXPECT_TRUE(summary);
  return {sink.text, *summary};
}

TEST(Session, OneEventFiresEveryHandlerThatNamesIt) {
  const RunResult result = run_text(
      R"(probe socket.write_iter.return { println(name, " ", size) }
         probe socket.send { println(name, " ", execname(), " ", pid()) })",
      {"send conclusion writev time=1 pid=7 comm=nc size=3"});
  EXPECT_EQ(result.text, "socket.write_iter.return 3\nsocket.send nc 7\n");
  EXPECT_EQ(result.summary.events, 1u);
  EXPECT_EQ(result.summary.handled, 2u);
  EXPECT_EQ(result.summary.ending, Ending::source_finished);
}

TEST(Session, BeginEventsTimersAndEndRunInTheOrderOfTime) {
  const RunResult result = run_text(
      R"(probe end { println("end") }
         probe timer.us(10) { println("timer ", local_clock_ns()) }
         probe socket.send { println("send ", local_clock_ns()) }
         probe begin { println("begin") })",
      {"send conclusion sendmsg time=9000 size=1", "send conclusion sendmsg time=10001 size=1",
       "send conclusion sendmsg time=20000 size=1", "send conclusion sendmsg time=20001 size=1"});
  EXPECT_EQ(
      result.text,
      "begin\nsend 9000\ntimer 10000\nsend 10001\nsend 20000\ntimer 20000\nsend 20001\nend\n");
}

TEST(Session, ExitLetsTheHandlerFinishThenEndRuns) {
  const RunResult result = run_text(
      R"(probe socket.send { exit() println("still here") }
         probe socket.send { println("never") }
         probe end { println("end") })",
      {"send conclusion sendmsg time=1 size=1", "send conclusion sendmsg time=2 size=1"});
  EXPECT_EQ(result.text, "still here\nend\n");
  EXPECT_EQ(result.summary.ending, Ending::exit_called);
}

TEST(Session, ExitInBeginSkipsEventsAndLaterBegins) {
  const RunResult result = run_text(
      R"(probe begin { exit() } probe begin { println("second") }
         probe socket.send { println("send") } probe end { println("end") })",
      {"send conclusion sendmsg time=1 size=1"});
  EXPECT_EQ(result.text, "end\n");
}

TEST(Session, TheFirstErrorRunsErrorHandlersNotEnd) {
  const RunResult result = run_text(
      R"(global n
         probe socket.send { println(1 / (size - 1)) }
         probe error { println("failed") }
         probe end { n++ println("end") })",
      {"send conclusion sendmsg time=1 size=1", "send conclusion sendmsg time=2 size=2"});
  EXPECT_TRUE(result.text.starts_with("ERROR: division by 0 near ")) << result.text;
  EXPECT_TRUE(result.text.ends_with("\nfailed\n")) << result.text;
  EXPECT_EQ(result.summary.ending, Ending::script_failed);
  EXPECT_EQ(result.summary.errors, 1u);
}

TEST(Session, MaxErrorsLetsARunGoOn) {
  Options options;
  options.limits.max_errors = 1;
  const RunResult result = run_text(
      R"(probe socket.send { println(1 / (size - 1)) } probe end { println("end") })",
      {"send conclusion sendmsg time=1 size=1", "send conclusion sendmsg time=2 size=2"}, options);
  EXPECT_NE(result.text.find("\n1\nend\n"), std::string::npos) << result.text;
  EXPECT_EQ(result.summary.errors, 1u);
}

TEST(Session, UnreadGlobalsPrintAfterEnd) {
  const RunResult result =
      run_text(R"(global n probe socket.send { n += size } probe end { println("end") })",
               {"send conclusion sendmsg time=1 size=4", "send conclusion sendmsg time=2 size=5"});
  EXPECT_EQ(result.text, "end\nn=9\n");
}

TEST(Session, DurationEndsTheRunBeforeLaterEvents) {
  Options options;
  options.duration_ns = 100;
  const RunResult result = run_text(
      R"(probe socket.send { println(size) } probe end { println("end") })",
      {"send conclusion sendmsg time=100 size=1", "send conclusion sendmsg time=101 size=2"},
      options);
  EXPECT_EQ(result.text, "1\nend\n");
  EXPECT_EQ(result.summary.ending, Ending::timed_out);
}

TEST(Session, ARefusingSinkEndsTheRun) {
  const RunResult result =
      run_text(R"(probe socket.send { println(size) })",
               {"send conclusion sendmsg time=1 size=1", "send conclusion sendmsg time=2 size=2",
                "send conclusion sendmsg time=3 size=3"},
               {}, 2);
  EXPECT_EQ(result.text, "1\n");
  EXPECT_EQ(result.summary.ending, Ending::output_refused);
  EXPECT_EQ(result.summary.events, 2u);
  ASSERT_TRUE(result.summary.refusal);
  EXPECT_EQ(result.summary.refusal->code, EPIPE);
}

}  // namespace
}  // namespace socktap::session
