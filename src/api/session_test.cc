// Sessions that observe no socket: what they say, what ends them, what is refused.

#include "socktap/session.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <thread>

#include "socktap/tapset.h"

namespace {

using socktap::Ending;
using socktap::EventView;
using socktap::Session;

static_assert(socktap::protocol_name(6) == "TCP");

void ignore(const EventView&) {}

class Text : public socktap::Sink {
 public:
  socktap::Result<void> output(std::string_view text) override {
    outputs += text;
    return {};
  }
  socktap::Result<void> warning(std::string_view text) override {
    messages.append("WARNING: ").append(text).append("\n");
    return {};
  }
  socktap::Result<void> error(std::string_view text) override {
    messages.append("ERROR: ").append(text).append("\n");
    return {};
  }
  std::string outputs, messages;
};

// Runs one script to its end.
struct Ran {
  Text text;
  socktap::Result<socktap::Summary> summary;
};
Ran run(const std::string& script, socktap::Options options = {}) {
  Session session(std::move(options));
  Ran ran;
  session.write_to(ran.text);
  if (auto added = session.add_script(script); !added)
    ran.summary = tl::unexpected(added.error());
  else
    ran.summary = session.run();
  return ran;
}

TEST(Session, RunsAScript) {
  const Ran ran =
      run(R"(global g probe begin { printf("%d %s %d\n", $1, @2, g) warn("w") exit() })",
          {.arguments = {"7", "x"}, .globals = {{"g", "40"}}});
  ASSERT_TRUE(ran.summary) << ran.summary.error().message;
  EXPECT_EQ(ran.text.outputs, "7 x 40\n");
  EXPECT_EQ(ran.text.messages, "WARNING: w\n");
  EXPECT_EQ(ran.summary->ending, Ending::exit_called);
  EXPECT_EQ(ran.summary->events, 0u);
  EXPECT_TRUE(ran.summary->paths.empty());
}

TEST(Session, PrintsToStandardOutputWithoutASink) {
  Session session;
  ASSERT_TRUE(session.add_script(R"(probe begin { println("hi") warn("there") exit() })"));
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  const auto summary = session.run();
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "hi\n");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "WARNING: there\n");
  ASSERT_TRUE(summary);
}

TEST(Session, ShowsMistakesAndGoesOnWithoutThem) {
  Session session;
  Text text;
  session.write_to(text);
  const auto refused = session.add_script("probe begin { }\nprobe socket.sned { }", "mine.stp");
  ASSERT_FALSE(refused);
  const std::string& message = refused.error().message;
  EXPECT_TRUE(message.starts_with("semantic error: ")) << message;
  EXPECT_NE(message.find("--> mine.stp:2:7"), std::string::npos) << message;
  EXPECT_NE(message.find("hint: did you mean `socket.send`?"), std::string::npos) << message;

  ASSERT_TRUE(session.add_script("probe begin { println(1) exit() }"));
  ASSERT_TRUE(session.run());
  EXPECT_EQ(text.outputs, "1\n");
}

TEST(Session, KeepsWhatTheCompilerWarnsOf) {
  Session session;
  ASSERT_TRUE(session.add_script("probe socket.send { print(requester) }"));
  ASSERT_EQ(session.warnings().size(), 1u);
  EXPECT_NE(session.warnings().front().find("requester"), std::string::npos);
}

TEST(Session, TellsRunTimeErrors) {
  const Ran ran = run("probe begin { println(1 / $1) }", {.arguments = {"0"}});
  ASSERT_TRUE(ran.summary);
  EXPECT_EQ(ran.summary->ending, Ending::script_failed);
  EXPECT_EQ(ran.summary->errors, 1u);
  EXPECT_TRUE(ran.text.messages.starts_with("ERROR: division by 0")) << ran.text.messages;
}

TEST(Session, KeepsToLimits) {
  const Ran over =
      run("probe begin { for (i = 0; i < 1000; ++i) ; exit() }", {.limits = {"MAXACTION=10"}});
  ASSERT_TRUE(over.summary);
  EXPECT_EQ(over.summary->ending, Ending::script_failed);
  const Ran wrong = run("probe begin { exit() }", {.limits = {"MAXACTION=many"}});
  ASSERT_FALSE(wrong.summary);
  EXPECT_NE(wrong.summary.error().message.find("MAXACTION=many"), std::string::npos);
}

TEST(Session, TimersCallHandlersThatEndIt) {
  Session session;
  int calls = 0;
  ASSERT_TRUE(session.add_script("global wanted probe timer.ms(8) { wanted = 1 }"));
  ASSERT_TRUE(
      session.on({.points = "timer.ms(5)", .condition = "wanted"}, [&](const EventView& event) {
        EXPECT_EQ(event.point(), "timer.ms(5)");
        EXPECT_EQ(event.pid(), ::getpid());
        EXPECT_EQ(event.size(), 0);
        EXPECT_EQ(event.local_addr(), "");
        EXPECT_FALSE(event.variable("size"));
        EXPECT_TRUE(event.variables().empty());
        if (++calls == 3) session.stop();
      }));
  const auto summary = session.run();
  ASSERT_TRUE(summary) << summary.error().message;
  EXPECT_EQ(summary->ending, Ending::stopped);
  EXPECT_GE(calls, 3);
}

TEST(Session, EndsWhenItsTimeIsOver) {
  const Ran ran = run("probe end { println(2) }", {.duration = std::chrono::milliseconds(20)});
  ASSERT_TRUE(ran.summary);
  EXPECT_EQ(ran.summary->ending, Ending::timed_out);
  EXPECT_EQ(ran.text.outputs, "2\n");
}

TEST(Session, IsStoppedByAnotherThread) {
  Session session;
  Text text;
  session.write_to(text);
  ASSERT_TRUE(session.add_script("probe end { println(3) }"));
  std::thread other([&] { session.stop(); });
  const auto summary = session.run();
  other.join();
  ASSERT_TRUE(summary);
  EXPECT_EQ(summary->ending, Ending::stopped);
  EXPECT_EQ(text.outputs, "3\n");
}

TEST(Session, ThrowsOnWhatAHandlerThrew) {
  Session session;
  Text text;
  session.write_to(text);
  ASSERT_TRUE(session.on("begin", [](const EventView&) { throw std::runtime_error("mine"); }));
  ASSERT_TRUE(session.add_script("probe end { println(4) }"));
  try {
    static_cast<void>(session.run());
    FAIL() << "nothing was thrown";
  } catch (const std::runtime_error& thrown) {
    EXPECT_STREQ(thrown.what(), "mine");
  }
  EXPECT_EQ(text.outputs, "");
}

TEST(Session, EndsWhenTheSinkRefuses) {
  struct Full : Text {
    socktap::Result<void> output(std::string_view) override {
      return tl::unexpected(socktap::Error{"full", "", ENOSPC});
    }
  } full;
  Session session;
  session.write_to(full);
  ASSERT_TRUE(session.add_script("probe begin { println(1) }"));
  const auto summary = session.run();
  ASSERT_TRUE(summary);
  EXPECT_EQ(summary->ending, Ending::output_refused);
}

TEST(Session, RefusesWhatCannotBe) {
  Session empty;
  const auto nothing = empty.run();
  ASSERT_FALSE(nothing);
  EXPECT_EQ(nothing.error().message, "there is nothing to run");

  const Ran both = run("probe begin { }", {.command = {"true"}, .process = ::getpid()});
  ASSERT_FALSE(both.summary);
  EXPECT_NE(both.summary.error().message.find("cannot both"), std::string::npos);

  const Ran missing = run("probe begin { }", {.recording = "/nonexistent/file.db"});
  ASSERT_FALSE(missing.summary);
  EXPECT_NE(missing.summary.error().message.find("/nonexistent/file.db"), std::string::npos);

  EXPECT_FALSE(run("probe begin { }", {.process = -5}).summary);
  EXPECT_FALSE(run("probe begin { }", {.duration = std::chrono::seconds(-1)}).summary);
  EXPECT_FALSE(run("probe begin { }", {.buffer_bytes = SIZE_MAX}).summary);
  EXPECT_FALSE(run("probe begin { }", {.limits = {"FOO=1"}}).summary);
  EXPECT_FALSE(run("probe begin { }", {.recording = "x", .backend = "ebpf"}).summary);

  const Ran unknown = run("probe begin { }", {.backend = "kprobes"});
  ASSERT_FALSE(unknown.summary);
  EXPECT_EQ(unknown.summary.error().hint, "did you mean kprobe?");
}

TEST(Subscription, ShowsMistakesOfItsCondition) {
  Session session;
  const auto refused = session.on({.points = "socket.send", .condition = "sise > 10"}, ignore);
  ASSERT_FALSE(refused);
  const std::string& message = refused.error().message;
  EXPECT_TRUE(message.starts_with("semantic error: ")) << message;
  EXPECT_NE(message.find("--> <condition of handler 1>:1:1"), std::string::npos) << message;
  EXPECT_NE(message.find("| sise > 10\n"), std::string::npos) << message;
  EXPECT_NE(message.find("did you mean `size`?"), std::string::npos) << message;
  EXPECT_FALSE(session.run()) << "nothing was added";
}

TEST(Subscription, KnowsItsVariables) {
  Session session;
  const auto refused =
      session.on({.points = "socket.*.return", .variables = {"size", "remote_prt"}}, ignore);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "none of the probe points has a variable `remote_prt`");
  EXPECT_EQ(refused.error().hint, "did you mean remote_port?");
  EXPECT_TRUE(session.on({.points = "socket.*.return", .variables = {"size", "pid"}}, ignore));
  const auto none = session.on({.points = "timer.s(1)", .variables = {"size"}}, ignore);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().hint, "they have no variables");
}

TEST(Subscription, IsPointsAndAConditionAndNothingElse) {
  Session session;
  const char* conditions[] = {"1)) exit() if ((1", "1; exit()", "size =", "size = 2", "size++", "",
                              "size > 1 //"};
  const bool taken[] = {false, false, false, false, false, true, true};
  for (std::size_t i = 0; i < std::size(conditions); ++i)
    EXPECT_EQ(session.on({.points = "socket.send", .condition = conditions[i]}, ignore).has_value(),
              taken[i])
        << conditions[i];
  EXPECT_FALSE(session.on("socket.send {} probe begin", ignore));
  EXPECT_FALSE(session.on("socket.send, ", ignore));
  EXPECT_FALSE(session.on("", ignore));
  EXPECT_FALSE(session.on("socket.send", {}));
  EXPECT_FALSE(session.add_script("probe begin { __hand_event(5) }"));
}

TEST(Subscription, UsesWhatScriptsDeclareBeforeIt) {
  Session session({.duration = std::chrono::seconds(30), .globals = {{"most", "3"}}});
  int calls = 0;
  ASSERT_TRUE(session.on("begin", [&](const EventView&) { ++calls; }));
  ASSERT_TRUE(session.add_script("global most function enough() { return most == 3 }"));
  ASSERT_TRUE(session.on({.points = "timer.ms(1)", .condition = "enough()"},
                         [&](const EventView&) { session.stop(); }));
  const auto summary = session.run();
  ASSERT_TRUE(summary) << summary.error().message;
  EXPECT_EQ(summary->ending, Ending::stopped);
  EXPECT_EQ(calls, 1);

  Session wrong({.globals = {{"most", "3"}}});
  ASSERT_TRUE(wrong.add_script("probe begin { }"));
  const auto refused = wrong.run();
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("most"), std::string::npos) << refused.error().message;
}

// Where the kernel tells nothing both are warned of, else neither.
TEST(Subscription, MayAskForTheKernelsConfiguration) {
  const std::string question = "%( CONFIG_NET == \"y\" %? 1 %: 2 %)";
  Session by_script;
  ASSERT_TRUE(by_script.add_script("probe begin { println(" + question + ") }"));
  Session by_condition;
  ASSERT_TRUE(by_condition.on({.points = "begin", .condition = question}, ignore));
  EXPECT_EQ(by_condition.warnings().size(), by_script.warnings().size());
}

// What a script's macro does not set is no mistake of a handler's.
TEST(Subscription, HasNoPartInWarningsOfScripts) {
  Session session;
  ASSERT_TRUE(session.add_script("@define unset %( nowhere %) probe end { println(@unset + 1) }"));
  EXPECT_EQ(session.warnings().size(), 1u);
  EXPECT_TRUE(session.on({.points = "socket.send", .condition = "size > 1"}, ignore));
  EXPECT_FALSE(session.on({.points = "socket.send", .condition = "nowhere > 1"}, ignore));
}

TEST(Session, HandlersMayOnlyStopIt) {
  Session session;
  std::vector<std::string> refused;
  ASSERT_TRUE(session.on("begin", [&](const EventView&) {
    for (const auto& result : {session.on("begin", ignore), session.add_script("probe end { }")})
      if (!result) refused.push_back(result.error().message);
    if (const auto again = session.run(); !again) refused.push_back(again.error().message);
    session.stop();
  }));
  ASSERT_TRUE(session.run());
  EXPECT_EQ(refused, std::vector<std::string>(3, "the session is running"));
}

TEST(Session, StopHoldsForOneRun) {
  Session session({.duration = std::chrono::milliseconds(1)});
  ASSERT_TRUE(session.add_script("probe begin { }"));
  session.stop();
  EXPECT_EQ(session.run()->ending, Ending::stopped);
  EXPECT_EQ(session.run()->ending, Ending::timed_out);
}

TEST(Session, SaysWhatTheSinkRefusedWith) {
  struct Full : Text {
    socktap::Result<void> flush() override {
      if (outputs.empty()) return {};
      return tl::unexpected(socktap::Error{"full", "", ENOSPC});
    }
  } full;
  Session session({.duration = std::chrono::milliseconds(1)});
  session.write_to(full);
  ASSERT_TRUE(session.add_script("probe end { println(1) }"));
  const auto summary = session.run();
  ASSERT_TRUE(summary);
  EXPECT_EQ(summary->ending, Ending::output_refused);
  ASSERT_TRUE(summary->refusal);
  EXPECT_EQ(summary->refusal->code, ENOSPC);
}

TEST(Session, CanBeMoved) {
  Session first;
  Text text;
  first.write_to(text);
  ASSERT_TRUE(first.add_script("probe begin { println(5) exit() }"));
  Session second(std::move(first));
  ASSERT_TRUE(second.run());
  ASSERT_TRUE(second.run()) << "and run again";
  EXPECT_EQ(text.outputs, "5\n5\n");
}

}  // namespace
