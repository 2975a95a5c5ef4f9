// Whole runs over a synthetic source: order of handlers, timers, errors and endings.

#include "session/session.h"

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <thread>

#include "event/event_text.h"
#include "language/language.h"
#include "sources/synthetic/synthetic_source.h"
#include "vm/compile.h"

namespace socktap::session {
namespace {

struct MemorySink : sinks::Sink {
  std::string text;
  std::size_t refuse_after = SIZE_MAX;

  Result<void> write(const Record& record) override {
    if (record.kind == RecordKind::moment) return {};
    if (text.size() >= refuse_after) return failure("closed", "", EPIPE);
    if (record.kind == RecordKind::warning) text += "WARNING: ";
    if (record.kind == RecordKind::error) text += "ERROR: ";
    text += record.text;
    if (record.kind != RecordKind::output) text += '\n';
    return {};
  }
  Result<void> flush() override { return {}; }
};

// All that a run needs besides the script.
struct World {
  explicit World(sources::Source& events) : source(events) {}
  sources::Source& source;
  sinks::Sink* sink = nullptr;
  TargetProcess* target = nullptr;
  StopFlag stop;
  Options options;
};

Result<Summary> run_in(World& world, const std::string& text) {
  SourceMap sources;
  const auto id = sources.add("t.stp", text);
  const auto script = language::parse(sources, id, {});
  EXPECT_TRUE(script.value) << text;
  const auto program = language::check(*script.value, {});
  for (const Diagnostic& diagnostic : program.diagnostics.all()) {
    EXPECT_EQ(diagnostic.severity, Severity::warning) << render(diagnostic, sources, false);
  }
  const plan::Plan plan = plan::make_plan(*program.value, world.source.capabilities());
  EXPECT_TRUE(world.source.attach(plan, {}));
  const vm::Code code = vm::compile(*program.value);
  return run(plan, code, sources, world.source, *world.sink, world.target, world.stop,
             world.options);
}

std::vector<WholeEvent> events_of(const std::vector<std::string>& lines) {
  std::vector<WholeEvent> events;
  events.reserve(lines.size());
  for (const std::string& line : lines) events.push_back(*parse_event(line));
  return events;
}

struct RunResult {
  std::string text;
  Summary summary;
};

RunResult run_text(const std::string& text, const std::vector<std::string>& lines,
                   const Options& options = {}, std::size_t refuse_after = SIZE_MAX) {
  sources::SyntheticSource source(events_of(lines));
  MemorySink sink;
  sink.refuse_after = refuse_after;
  World world(source);
  world.sink = &sink;
  world.options = options;
  const auto summary = run_in(world, text);
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
         probe timer.us(100) { println("timer ", local_clock_ns()) }
         probe socket.send { println("send ", local_clock_ns()) }
         probe begin { println("begin") })",
      {"send conclusion sendmsg time=90000 size=1", "send conclusion sendmsg time=100001 size=1",
       "send conclusion sendmsg time=200000 size=1", "send conclusion sendmsg time=200001 size=1"});
  EXPECT_EQ(result.text,
            "begin\nsend 90000\ntimer 100000\nsend 100001\nsend 200000\ntimer 200000\nsend "
            "200001\nend\n");
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

// Events that happened long ago, each of which takes long to be handled.
class LateSource : public sources::SyntheticSource {
 public:
  using SyntheticSource::SyntheticSource;
  static constexpr std::uint64_t effort = 10'000'000;

  Result<const Event*> next(std::uint64_t deadline) override {
    clock_ += effort;
    return SyntheticSource::next(deadline);
  }
  std::uint64_t now() const override { return clock_; }

 private:
  std::uint64_t clock_ = 1'000'000'000;
};

// Knows how old output was that reached its destination.
struct AgeingSink : sinks::Sink {
  explicit AgeingSink(const sources::Source& source) : clock(source) {}
  const sources::Source& clock;
  std::optional<std::uint64_t> waiting_since;
  std::uint64_t oldest = 0;
  int flushed = 0;

  Result<void> write(const Record&) override {
    if (!waiting_since) waiting_since = clock.now();
    return {};
  }
  Result<void> flush() override {
    if (waiting_since) oldest = std::max(oldest, clock.now() - *waiting_since);
    waiting_since.reset();
    ++flushed;
    return {};
  }
};

TEST(Session, OutputOfSlowHandlersIsFlushedWithinATenthOfASecond) {
  LateSource source(std::vector<WholeEvent>(500, *parse_event("send conclusion writev time=1")));
  AgeingSink sink(source);
  World world(source);
  world.sink = &sink;
  const auto summary = run_in(world, "probe socket.send { println(size) }");
  ASSERT_TRUE(summary);
  EXPECT_EQ(summary->events, 500u);
  EXPECT_GT(sink.oldest, 0u);
  EXPECT_LE(sink.oldest, 100'000'000u);
}

TEST(Session, ACommandIsNotLetGoAfterTheRunWasToStop) {
  sources::SyntheticSource source({});
  MemorySink sink;
  auto target = TargetProcess::start("sh -c 'exit 3'", std::nullopt);
  ASSERT_TRUE(target);
  World world(source);
  world.sink = &sink;
  world.target = &*target;
  world.stop.request(SIGINT);
  const auto summary = run_in(world, "probe end { println(\"end\") }");
  ASSERT_TRUE(summary);
  EXPECT_EQ(summary->ending, Ending::stopped);
  EXPECT_EQ(sink.text, "end\n");
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  EXPECT_FALSE(target->has_ended()) << "it still waits to be let go";
}

TEST(Session, WhatBeginPrintedIsSeenThoughTheCommandCannotRun) {
  sources::SyntheticSource source({});
  AgeingSink sink(source);
  auto target = TargetProcess::start("/no/such/command", std::nullopt);
  ASSERT_TRUE(target);
  World world(source);
  world.sink = &sink;
  world.target = &*target;
  const auto summary = run_in(world, "probe begin { println(\"begin\") }");
  ASSERT_FALSE(summary);
  EXPECT_NE(summary.error().message.find("cannot run /no/such/command"), std::string::npos);
  EXPECT_FALSE(sink.waiting_since);
  EXPECT_EQ(sink.flushed, 1);
}

// Keeps sends itself, as far as it is let: it says that each was of 100 bytes.
class KeepingSource : public sources::SyntheticSource {
 public:
  using SyntheticSource::SyntheticSource;

  plan::Capabilities capabilities() const override {
    return {.filters = true, .accumulates = true};
  }
  void start_keeping(const plan::SettledValues&) override { keeps_ = true; }
  Result<const Event*> next(std::uint64_t deadline) override {
    const auto event = SyntheticSource::next(deadline);
    if (!event || *event == nullptr || !keeps_) return event;
    handed_out_ = **event;
    if (operation_of(handed_out_) == tapset::Operation::send) {
      handed_out_.kept = 1;
      ++kept_;
    }
    return &handed_out_;
  }
  Result<plan::Partials> take_kept() override {
    plan::Partials partials;
    const std::int64_t sum = 100 * std::exchange(kept_, 0);
    if (sum > 0) partials.push_back({.first = 1, .content = plan::PartialSum{sum}});
    return partials;
  }

 private:
  bool keeps_ = false;
  std::int64_t kept_ = 0;
  Event handed_out_{};
};

std::string kept_run(const std::string& script) {
  KeepingSource source(
      events_of({"send conclusion sendmsg time=1 size=1", "receive conclusion readv time=2 size=2",
                 "send conclusion writev time=1100000000 size=4",
                 "send conclusion writev time=2500000000 size=8"}));
  MemorySink sink;
  World world(source);
  world.sink = &sink;
  EXPECT_TRUE(run_in(world, script));
  return sink.text;
}

TEST(Session, WhatASourceKeptIsMergedBeforeAnybodyLooks) {
  EXPECT_EQ(kept_run("global n; probe socket.send { n += size } probe timer.s(1) { println(n) } "
                     "probe end { println(\"end \", n) }"),
            "100\n200\nend 300\n");
}

TEST(Session, OtherHandlersOfAKeptEventRun) {
  EXPECT_EQ(
      kept_run("global n; probe socket.send { n += size } probe socket.send { println(size) } "
               "probe end { println(n) }"),
      "1\n4\n8\n300\n");
}

TEST(Session, WhatCameAfterExitDoesNotCount) {
  EXPECT_EQ(kept_run("global n; probe socket.send { n += size } probe timer.s(1) { exit() } "
                     "probe end { println(n) }"),
            "100\n");
}

TEST(Session, HandlersAreTimedWhenAsked) {
  sources::SyntheticSource source(events_of({"send time=1", "send time=2", "receive time=3"}));
  MemorySink sink;
  World world(source);
  world.sink = &sink;
  const char* script =
      "probe begin { for (i = 0; i < 5000; i++) {} } probe socket.send { }"
      " probe socket.close { } probe end { }";
  EXPECT_TRUE(run_in(world, script)->times.empty());

  sources::SyntheticSource again(events_of({"send time=1", "send time=2", "receive time=3"}));
  World timed(again);
  timed.sink = &sink;
  timed.options.time_handlers = true;
  const auto summary = run_in(timed, script);
  ASSERT_TRUE(summary);
  std::vector<std::uint64_t> runs;
  for (const HandlerTimes& times : summary->times) {
    runs.push_back(times.runs);
    EXPECT_LE(times.shortest, times.longest);
    EXPECT_LE(times.shortest * times.runs, times.total);
    EXPECT_GE(times.longest * times.runs, times.total);
  }
  EXPECT_EQ(runs, (std::vector<std::uint64_t>{1, 2, 0, 1}));
  EXPECT_GT(summary->times[0].total, 0u);
}

}  // namespace
}  // namespace socktap::session
