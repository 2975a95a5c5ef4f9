#include "vm/library.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <ctime>
#include <fstream>
#include <set>

#include "event/event.h"
#include "vm/library_state.h"
#include "vm/library_story.h"

namespace socktap::vm {

StoryChild::StoryChild() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return;
  pid_ = ::fork();
  if (pid_ == 0) {
    ::dup2(ends[0], 0);
    const char* const arguments[] = {"sh", "-c", "read x", "name", "", "last", nullptr};
    const char* const environment[] = {"GREETING=hello=you", "EMPTY=", nullptr};
    ::execve("/bin/sh", const_cast<char**>(arguments), const_cast<char**>(environment));
    ::_exit(127);
  }
  ::close(ends[0]);
  input_ = ends[1];
  // Until exec has happened, /proc still shows the parent's arguments.
  for (int i = 0; i < 1000; ++i) {
    std::ifstream comm("/proc/" + std::to_string(pid_) + "/comm");
    std::string name;
    if (std::getline(comm, name) && name == "sh") break;
    ::usleep(1000);
  }
}

StoryChild::~StoryChild() {
  ::close(input_);
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
}

namespace {

using tapset::FunctionRow;

struct RecordingHost final : Host {
  void emit(const Record& record) override {
    std::string& into = record.kind == RecordKind::output ? output : others;
    into += record.text;
    if (record.kind != RecordKind::output) into += '\n';
  }
  std::int64_t target() const override { return story_target; }
  bool is_target_or_descendant(std::int64_t pid) const override { return pid == story_target; }

  std::string output, others;
};

Event story_event(pid_t child) {
  Event event{};
  event.time = story_time;
  event.tgid = event.tid = static_cast<std::uint32_t>(child);
  event.ppid = static_cast<std::uint32_t>(::getpid());
  event.uid = 1000;
  event.euid = 1001;
  event.gid = 100;
  event.egid = 101;
  event.cpu = 3;
  std::string_view("curl").copy(event.comm, sizeof event.comm);
  return event;
}

class Library : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    ::setenv("TZ", "XYZ3", 1);  // three hours west of Greenwich, no daylight saving
    ::tzset();
    child_ = new StoryChild;
  }
  static void TearDownTestSuite() {
    delete child_;
    child_ = nullptr;
  }

  static std::vector<Story> all_stories() {
    std::vector<Story> all;
    for (const auto& stories : {context_stories(child_->pid()), time_stories(), string_stories(),
                                number_stories(), socket_stories(), output_stories()}) {
      all.insert(all.end(), stories.begin(), stories.end());
    }
    return all;
  }

  static void run(const Story& story) {
    LibraryState state;
    for (const Step& step : story) run(step, state);
  }

  static void run(const Step& step, LibraryState& state) {
    const FunctionRow* row = tapset::find_function(step.function);
    ASSERT_NE(row, nullptr) << step.function;
    ASSERT_GE(step.arguments.size(), row->min_arguments()) << step.function;
    ASSERT_LE(step.arguments.size(), row->max_arguments()) << step.function;
    std::vector<Argument> arguments;
    for (const StoryValue& value : step.arguments) {
      const Type type = row->parameter(arguments.size());
      ASSERT_EQ(type == Type::number, value.number.has_value()) << step.function;
      arguments.push_back(
          {value.number.value_or(0), value.text ? std::string_view(*value.text) : ""});
    }

    Event event = story_event(child_->pid());
    event.time += static_cast<std::uint64_t>(step.moment.later);
    if (step.moment.thread != 0) event.tid = static_cast<std::uint32_t>(step.moment.thread);
    const Occasion occasion{&event,
                            tapset::find_probe_point("socket.send"),
                            "socket.send",
                            "socket.send",
                            story_realtime_offset,
                            false};
    RecordingHost host;
    const Limits limits;
    LibraryCall call{occasion, host, state, limits, arguments, 0, {}, {}};
    vm::call(row->id, call);

    std::string shown(step.function);
    for (const StoryValue& value : step.arguments) {
      shown += value.number ? " " + std::to_string(*value.number) : " \"" + *value.text + '"';
    }
    EXPECT_EQ(call.error, step.outcome.error) << shown;
    EXPECT_EQ(host.output, step.outcome.output) << shown;
    EXPECT_EQ(host.others, step.outcome.warnings) << shown;
    if (row->result == Type::number) {
      EXPECT_EQ(call.number, step.outcome.number) << shown;
    }
    if (row->result == Type::string) {
      EXPECT_EQ(call.text, step.outcome.text) << shown;
    }
  }

  static StoryChild* child_;
};
StoryChild* Library::child_ = nullptr;

TEST_F(Library, StoriesOfContext) {
  for (const Story& story : context_stories(child_->pid())) run(story);
}
TEST_F(Library, StoriesOfTime) {
  for (const Story& story : time_stories()) run(story);
}
TEST_F(Library, StoriesOfStrings) {
  for (const Story& story : string_stories()) run(story);
}
TEST_F(Library, StoriesOfNumbers) {
  for (const Story& story : number_stories()) run(story);
}
TEST_F(Library, StoriesOfSockets) {
  for (const Story& story : socket_stories()) run(story);
}
TEST_F(Library, StoriesOfOutput) {
  for (const Story& story : output_stories()) run(story);
}

// What the stories cannot say: state that the machine sets, randomness, files.
const std::set<std::string_view> told_elsewhere = {"matched", "matched_str", "ngroups",
                                                   "randint", "exit",        "ftrace"};

TEST_F(Library, EveryFunctionHasAPositiveTest) {
  std::set<std::string_view> covered = told_elsewhere;
  for (const Story& story : all_stories()) {
    for (const Step& step : story) {
      if (step.outcome.error.empty()) covered.insert(step.function);
    }
  }
  for (const char* raises : {"error"}) covered.insert(raises);
  for (const FunctionRow& row : tapset::functions()) {
    EXPECT_TRUE(covered.contains(row.name)) << row.name << " has no test";
  }
}

TEST_F(Library, Match) {
  LibraryState state;
  const Step before = {"matched", {1}, fails("Attempted to get subexpression 1 from failed match")};
  run(before, state);
  state.set_match({"socket.send", "socket", ""});
  for (const Step& step : Story{
           {"matched", {0}, "socket.send"},
           {"matched_str", {}, "socket.send"},
           {"matched", {1}, "socket"},
           {"matched", {2}, ""},
           {"matched", {3}, fails("Attempted to get nonexistent subexpression 3")},
           {"matched", {-1}, fails("Attempted to get nonexistent subexpression -1")},
           {"ngroups", {}, 3},
       }) {
    run(step, state);
  }
  state.set_no_match();
  run(before, state);
  run({"matched_str", {}, fails("Attempted to get subexpression 0 from failed match")}, state);
  run({"ngroups", {}, fails("Attempted to get subexpression count from failed match")}, state);
}

TEST_F(Library, Randint) {
  LibraryState state;
  run({"randint", {0}, 0}, state);
  run({"randint", {1}, 0}, state);
  run({"randint", {-1}, fails("range too wide")}, state);
  run({"randint", {(1 << 20) + 1}, fails("range too wide")}, state);
  std::set<std::int64_t> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(state.random(4));
  EXPECT_EQ(seen, (std::set<std::int64_t>{0, 1, 2, 3}));
}

TEST_F(Library, ExitIsRemembered) {
  LibraryState state;
  EXPECT_FALSE(state.exit_requested());
  run({"exit", {}, nothing()}, state);
  EXPECT_TRUE(state.exit_requested());
}

TEST_F(Library, FtraceWritesLines) {
  char path[] = "/tmp/socktap_trace_marker_XXXXXX";
  const UniqueFd file(::mkstemp(path));
  ASSERT_TRUE(file.valid());
  LibraryState state;
  state.set_trace_marker_path(path);
  run({"ftrace", {"one"}, nothing()}, state);
  run({"ftrace", {"two"}, nothing()}, state);
  std::string content(100, '\0');
  content.resize(static_cast<std::size_t>(::read(file.get(), content.data(), content.size())));
  EXPECT_EQ(content, "one\ntwo\n");
  ::unlink(path);

  LibraryState refused;
  refused.set_trace_marker_path("/nonexistent/trace_marker");
  run({"ftrace", {"dropped"}, nothing()}, refused);
}

struct OccasionCase {
  std::string_view point;  // empty: none
  bool lifecycle;
  std::int64_t is_return;
  std::string_view probe_type;
};

TEST_F(Library, FunctionsOfTheOccasion) {
  const OccasionCase cases[] = {
      {"socket.send", false, 1, "tapset"},
      {"socket.sendmsg", false, 0, "tapset"},
      {"socket.sendmsg.return", false, 1, "tapset"},
      {"", true, 0, "begin_end"},
      {"", false, 0, "timer"},
  };
  for (const OccasionCase& c : cases) {
    const Event event = story_event(child_->pid());
    const Occasion occasion{&event,     tapset::find_probe_point(c.point), "the point", "mine", 0,
                            c.lifecycle};
    RecordingHost host;
    LibraryState state;
    const Limits limits;
    LibraryCall call{occasion, host, state, limits, {}, 0, {}, {}};
    vm::call(tapset::Function::is_return, call);
    EXPECT_EQ(call.number, c.is_return) << c.point;
    vm::call(tapset::Function::probe_type, call);
    EXPECT_EQ(call.text, c.probe_type) << c.point;
    vm::call(tapset::Function::pp, call);
    EXPECT_EQ(call.text, "the point");
    vm::call(tapset::Function::pn, call);
    EXPECT_EQ(call.text, "mine");
  }
}

TEST_F(Library, WarningsBeyondTheRememberedAreStillGiven) {
  LibraryState state;
  for (int i = 0; i < 3000; ++i) EXPECT_TRUE(state.first_time("w" + std::to_string(i))) << i;
  EXPECT_FALSE(state.first_time("w0"));
}

TEST_F(Library, ThreadsWithoutIndentationAreForgotten) {
  LibraryState state;
  run({"thread_indent_depth", {1}, 0, {0, 7}}, state);
  run({"thread_indent_depth", {1}, 0, {0, 8}}, state);
  run({"thread_indent_depth", {-1}, 0, {0, 7}}, state);
  EXPECT_EQ(state.thread_indentation().size(), 1u);
}

}  // namespace
}  // namespace socktap::vm
