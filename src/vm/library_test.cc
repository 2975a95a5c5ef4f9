#include "vm/library.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <set>

#include "event/event.h"
#include "vm/library_cases_test.h"
#include "vm/library_state.h"

namespace socktap::vm {

CaseChild::CaseChild() {
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

CaseChild::~CaseChild() {
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
    into += record.kind == RecordKind::next_file ? "(the next file)" : record.text;
    if (record.kind != RecordKind::output) into += '\n';
  }
  std::int64_t target() const override { return case_target; }
  bool is_target_or_descendant(std::int64_t pid) const override { return pid == case_target; }

  std::string output, others;
};

Event case_event(pid_t child) {
  Event event{};
  event.time = case_time;
  event.tgid = event.tid = static_cast<std::uint32_t>(child);
  event.ppid = static_cast<std::uint32_t>(::getpid());
  event.uid = 1000;
  event.euid = 1001;
  event.gid = 100;
  event.egid = 101;
  event.cpu = 3;
  event.phase = SOCKTAP_CONCLUSION;
  event.size = 100;
  std::string_view("curl").copy(event.comm, sizeof event.comm);
  return event;
}

class Library : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    ::setenv("TZ", "XYZ3", 1);  // three hours west of Greenwich, no daylight saving
    ::tzset();
    child = new CaseChild;
  }
  static void TearDownTestSuite() {
    delete child;
    child = nullptr;
  }

  static std::vector<Case> all_cases() {
    std::vector<Case> all;
    for (const auto& cases : {context_cases(child->pid()), time_cases(), string_cases(),
                              number_cases(), socket_cases(), output_cases()}) {
      all.insert(all.end(), cases.begin(), cases.end());
    }
    return all;
  }

  static void run(const Case& each) {
    LibraryState state;
    for (const Step& step : each) run(step, state);
  }

  static void run(const Step& step, LibraryState& state) {
    const FunctionRow* row = tapset::find_function(step.function);
    ASSERT_NE(row, nullptr) << step.function;
    ASSERT_GE(step.arguments.size(), row->min_arguments()) << step.function;
    ASSERT_LE(step.arguments.size(), row->max_arguments()) << step.function;
    std::vector<Argument> arguments;
    for (const CaseValue& value : step.arguments) {
      const Type type = row->parameter(arguments.size());
      ASSERT_EQ(type == Type::number, value.number.has_value()) << step.function;
      arguments.push_back(
          {value.number.value_or(0), value.text ? std::string_view(*value.text) : ""});
    }

    Event event = case_event(child->pid());
    event.time += static_cast<std::uint64_t>(step.moment.later);
    if (step.moment.thread != 0) event.tid = static_cast<std::uint32_t>(step.moment.thread);
    const Occasion occasion{&event,
                            tapset::find_probe_point("socket.send"),
                            "socket.send",
                            "socket.send",
                            case_realtime_offset,
                            false};
    RecordingHost host;
    const Limits limits;
    LibraryCall call{occasion, host, state, limits, arguments};
    vm::call(row->id, call);

    std::string shown(step.function);
    for (const CaseValue& value : step.arguments) {
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

  static CaseChild* child;
};
CaseChild* Library::child = nullptr;

TEST_F(Library, CasesOfContext) {
  for (const Case& each : context_cases(child->pid())) run(each);
}
TEST_F(Library, CasesOfTime) {
  for (const Case& each : time_cases()) run(each);
}
TEST_F(Library, CasesOfStrings) {
  for (const Case& each : string_cases()) run(each);
}
TEST_F(Library, CasesOfNumbers) {
  for (const Case& each : number_cases()) run(each);
}
TEST_F(Library, CasesOfSockets) {
  for (const Case& each : socket_cases()) run(each);
}
TEST_F(Library, CasesOfOutput) {
  for (const Case& each : output_cases()) run(each);
}

struct ArgumentCase {
  std::string_view function;
  std::int64_t native, compat;  // of a 64-bit task and of a 32-bit one
};
constexpr std::int64_t raw_argument = 0x1'ffff'fffe;
constexpr ArgumentCase argument_cases[] = {
    {"int_arg", -2, -2},
    {"s32_arg", -2, -2},
    {"uint_arg", 0xffff'fffe, 0xffff'fffe},
    {"u32_arg", 0xffff'fffe, 0xffff'fffe},
    {"long_arg", raw_argument, -2},
    {"ulong_arg", raw_argument, 0xffff'fffe},
    {"pointer_arg", raw_argument, 0xffff'fffe},
    {"longlong_arg", raw_argument, raw_argument},
    {"ulonglong_arg", raw_argument, raw_argument},
    {"s64_arg", raw_argument, raw_argument},
    {"u64_arg", raw_argument, raw_argument},
};

TEST_F(Library, ArgumentsOfSystemCalls) {
  for (const bool compat : {false, true}) {
    WholeEvent event{.record = case_event(child->pid()), .tail = {}};
    event.record.operation = SOCKTAP_SYSTEM_CALL;
    event.record.is_compat = compat;
    event.tail.call.arguments[5] = raw_argument;
    const Occasion occasion{&event.record, tapset::find_probe_point("syscall.read"), "", "", 0,
                            false};
    RecordingHost host;
    LibraryState state;
    const Limits limits;
    for (const ArgumentCase& each : argument_cases) {
      const Argument sixth{6, ""}, seventh{7, ""};
      LibraryCall call{occasion, host, state, limits, std::span(&sixth, 1)};
      vm::call(tapset::find_function(each.function)->id, call);
      EXPECT_EQ(call.number, compat ? each.compat : each.native) << each.function;
      EXPECT_EQ(call.error, std::nullopt) << each.function;
      LibraryCall beyond{occasion, host, state, limits, std::span(&seventh, 1)};
      vm::call(tapset::find_function(each.function)->id, beyond);
      EXPECT_EQ(beyond.error, "invalid arg number 7") << each.function;
    }
  }
}

// What the cases cannot say: state that the machine sets, randomness, files.
const std::set<std::string_view> told_elsewhere = {"matched", "matched_str", "ngroups",
                                                   "randint", "exit",        "abort",
                                                   "ftrace",  "print_event", "__hand_event"};

TEST_F(Library, EveryFunctionHasAPositiveTest) {
  std::set<std::string_view> covered = told_elsewhere;
  for (const ArgumentCase& each : argument_cases) covered.insert(each.function);
  for (const Case& each : all_cases()) {
    for (const Step& step : each) {
      if (!step.outcome.error) covered.insert(step.function);
    }
  }
  for (const char* raises : {"error"}) covered.insert(raises);
  for (const FunctionRow& row : tapset::functions()) {
    EXPECT_TRUE(covered.contains(row.name)) << row.name << " has no test";
  }
}

TEST_F(Library, EventsAreShownAsTheirPointsSeeThem) {
  struct ShowingHost final : Host {
    void emit(const Record& record) override {
      kinds.push_back(record.kind);
      channels.push_back(record.count);
      EXPECT_EQ(record.event->event->size, 100);
      EXPECT_EQ(record.event->point->name, "socket.send");
      EXPECT_EQ(record.event->realtime_offset, 7);
    }
    std::int64_t target() const override { return 0; }
    bool is_target_or_descendant(std::int64_t) const override { return false; }
    std::vector<RecordKind> kinds;
    std::vector<std::uint64_t> channels;
  };
  const Event event = case_event(child->pid());
  Occasion occasion{
      .event = &event, .point = tapset::find_probe_point("socket.send"), .realtime_offset = 7};
  ShowingHost host;
  LibraryState state;
  const Limits limits;
  const Argument channel{3, ""};
  LibraryCall shown{occasion, host, state, limits, {}};
  vm::call(tapset::Function::print_event, shown);
  LibraryCall handed{occasion, host, state, limits, std::span(&channel, 1)};
  vm::call(tapset::Function::hand_event, handed);
  EXPECT_EQ(host.kinds, (std::vector{RecordKind::event, RecordKind::handed}));
  EXPECT_EQ(host.channels, (std::vector<std::uint64_t>{0, 3}));
  occasion.point = nullptr;
  LibraryCall nothing{occasion, host, state, limits, {}};
  vm::call(tapset::Function::print_event, nothing);
  EXPECT_EQ(nothing.error, "no event can be shown in a handler that runs for none");
}

TEST_F(Library, Match) {
  LibraryState state;
  run({"matched", {0}, fails("Attempted to get nonexistent subexpression 0")}, state);
  run({"matched_str", {}, fails("Attempted to get nonexistent subexpression 0")}, state);
  const std::string_view subject = "at socket.send";
  state.set_match(subject, std::array{subject.substr(3), subject.substr(3, 6), std::string_view()});
  for (const Step& step : Case{
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
  state.set_match(subject, {});
  run({"matched", {1}, fails("Attempted to get subexpression 1 from failed match")}, state);
  run({"matched", {-1}, fails("Attempted to get subexpression -1 from failed match")}, state);
  run({"matched", {3}, fails("Attempted to get nonexistent subexpression 3")}, state);
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

TEST_F(Library, ExitAndAbortAreRemembered) {
  for (const char* function : {"exit", "abort"}) {
    LibraryState state;
    EXPECT_FALSE(state.exit_requested());
    run({function, {}, nothing()}, state);
    EXPECT_TRUE(state.exit_requested()) << function;
  }
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
      {"", false, 0, "hrtimer"},
  };
  for (const OccasionCase& c : cases) {
    const Event event = case_event(child->pid());
    const Occasion occasion{&event,     tapset::find_probe_point(c.point), "the point", "mine", 0,
                            c.lifecycle};
    RecordingHost host;
    LibraryState state;
    const Limits limits;
    LibraryCall call{occasion, host, state, limits, {}};
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

TEST_F(Library, WhatIsRememberedIsBounded) {
  const std::string overflow = "Array overflow, check MAXMAPENTRIES";
  const auto most = static_cast<int>(Limits().max_map_entries);
  LibraryState state;
  for (int i = 0; i < most; ++i) {
    run({"start_stopwatch", {"w" + std::to_string(i)}, nothing()}, state);
    run({"thread_indent_depth", {1}, 0, {0, i + 1}}, state);
  }
  run({"start_stopwatch", {"one more"}, fails(overflow)}, state);
  run({"start_stopwatch", {"w0"}, nothing()}, state);
  run({"thread_indent_depth", {1}, fails(overflow), {0, most + 1}}, state);
  run({"thread_indent", {1}, fails(overflow), {0, most + 1}}, state);
  run({"thread_indent_depth", {1}, 1, {0, most}}, state);
  run({"delete_stopwatch", {"w0"}, nothing()}, state);
  run({"start_stopwatch", {"one more"}, nothing()}, state);
}

TEST_F(Library, StopwatchesThatAreOnlyReadAreNotRemembered) {
  LibraryState state;
  run({"read_stopwatch_ns", {"never started"}, 0}, state);
  run({"stop_stopwatch", {"never started"}, nothing()}, state);
  EXPECT_TRUE(state.stopwatches().empty());
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
