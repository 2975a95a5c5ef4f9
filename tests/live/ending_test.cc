// How a run ends: by its command, a signal, a reader that goes away, a time limit, a mistake.

#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>

#include "command.h"

namespace socktap::test {
namespace {

using namespace std::chrono_literals;

const std::string& counting_script() {
  static const std::string script =
      "global n\n"
      "probe begin { println(\"ready\") }\n"
      "probe socket.send { n++; if (n == 1) println(\"first\") }\n"
      "probe end { printf(\"total %d\\n\", n) }";
  return script;
}

std::string load(const std::string& arguments) {
  return std::string(SOCKTAP_LOAD) + " --count-file /dev/null " + arguments;
}

// Until what a program prints stays in its pipe and is no longer growing: it waits for its reader.
void wait_until_full(const Command& command) {
  for (int before = -1; before == 0 || before != command.waiting_bytes();) {
    before = command.waiting_bytes();
    std::this_thread::sleep_for(300ms);
  }
}

class EndingBySignal : public testing::TestWithParam<int> {};

TEST_P(EndingBySignal, RunsEndProbes) {
  if (const std::string why = refusal(); !why.empty()) GTEST_SKIP() << why;
  Command socktap(socktap_run({"-e", counting_script(), "-c", load("--seconds 20")}));
  ASSERT_TRUE(socktap.printed("first", 10s));
  socktap.signal(GetParam());
  const Outcome outcome = socktap.wait(10s);
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  EXPECT_NE(outcome.output.find("total "), std::string::npos) << outcome.output;
  EXPECT_EQ(outcome.output.find("total 0"), std::string::npos) << outcome.output;
}

INSTANTIATE_TEST_SUITE_P(Live, EndingBySignal, testing::Values(SIGINT, SIGTERM, SIGHUP),
                         [](const testing::TestParamInfo<int>& it) {
                           return std::string("SIG") + sigabbrev_np(it.param);
                         });

TEST(Ending, AClosedPipeEndsTheRunLikeAnInterrupt) {
  if (const std::string why = refusal(); !why.empty()) GTEST_SKIP() << why;
  Command socktap(socktap_run({"-e", "probe socket.send { println(\"sent\") }", "-c",
                               load("--pairs 3000 --interval-ms 5")}),
                  Command::Output::to_pipe);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(socktap.read_line(), "sent");
  socktap.close_pipe();
  const Outcome outcome = socktap.wait(5s);
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
}

TEST(Ending, AClosedPipeEndsARunThatHasNothingToPrint) {
  if (const std::string why = refusal(); !why.empty()) GTEST_SKIP() << why;
  Command socktap(socktap_run({"-e", counting_script(), "-c", load("--seconds 60")}),
                  Command::Output::to_pipe);
  EXPECT_EQ(socktap.read_line(), "ready");
  EXPECT_EQ(socktap.read_line(), "first");
  socktap.close_pipe();
  const Outcome outcome = socktap.wait(10s);
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
}

TEST(Ending, ASecondInterruptEndsARunWhoseReaderStands) {
  if (const std::string why = refusal(); !why.empty()) GTEST_SKIP() << why;
  Command socktap(socktap_run({"-e", "probe socket.send { println(\"sent\") }", "-c",
                               load("--seconds 60 --rate 50000")}),
                  Command::Output::to_pipe);
  wait_until_full(socktap);
  socktap.signal(SIGINT);
  EXPECT_EQ(socktap.wait(500ms).status, -1) << "what was printed is not thrown away";
  socktap.signal(SIGINT);
  EXPECT_EQ(socktap.wait(10s).status, 130);
}

TEST(Ending, ALateReaderStillGetsAllAfterAnInterrupt) {
  if (const std::string why = refusal(); !why.empty()) GTEST_SKIP() << why;
  Command socktap(socktap_run({"-e",
                               "global n probe socket.send { println(\"sent\"); n++ }\n"
                               "probe end { println(\"total \", n) }",
                               "-c", load("--seconds 60 --rate 50000")}),
                  Command::Output::to_pipe);
  wait_until_full(socktap);
  socktap.signal(SIGINT);
  int lines = 0;
  std::string line;
  for (; (line = socktap.read_line()) == "sent"; ++lines) {
  }
  EXPECT_GT(lines, 1000);
  EXPECT_EQ(line, "total " + std::to_string(lines));
  EXPECT_EQ(socktap.wait(10s).status, 0);
}

// Each line is there long before the next one is made.
TEST(Ending, OutputArrivesWhileTheRunGoesOn) {
  if (const std::string why = refusal(); !why.empty()) GTEST_SKIP() << why;
  const std::string slow = load("--pairs 3 --interval-ms 2500");
  const std::string script =
      "probe begin { println(\"ready\") }\n"
      "probe socket.send { println(gettimeofday_us()) }";
  const TemporaryFile file("output");
  Command to_file(socktap_run({"-o", file.path(), "-e", script, "-c", slow}));
  Command to_pipe(socktap_run({"-e", script, "-c", slow}), Command::Output::to_pipe);
  EXPECT_EQ(to_pipe.read_line(), "ready");
  for (int i = 0; i < 3; ++i) {
    const long long sent = std::atoll(to_pipe.read_line().c_str());
    const auto now = std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::system_clock::now().time_since_epoch());
    EXPECT_LT(now.count() - sent, 2'000'000);
  }
  // By now the last message of the other run is made, and it waits for its command to end.
  std::this_thread::sleep_for(500ms);
  std::ifstream in(file.path());
  EXPECT_EQ(std::count(std::istreambuf_iterator<char>(in), {}, '\n'), 4);
  EXPECT_EQ(to_file.wait(0ms).status, -1) << "it had ended: this says nothing";
  EXPECT_EQ(to_pipe.wait().status, 0);
  EXPECT_EQ(to_file.wait().status, 0);
}

// Whoever ignores them learns nothing of children's ends.
TEST(Ending, ComesWhereSignalsOfChildrenAreIgnored) {
  if (const std::string why = refusal(); !why.empty()) GTEST_SKIP() << why;
  std::vector<std::string> words{"env", "--ignore-signal=CHLD"};
  for (const std::string& word :
       by_backend(socktap_run({"-e", "probe socket.send { }", "-c", "true"})))
    words.push_back(word);
  EXPECT_EQ(Command(words).wait(10s).status, 0);
}

TEST(Ending, NothingOfTheCommandIsMissed) {
  if (const std::string why = refusal(); !why.empty()) GTEST_SKIP() << why;
  const Outcome outcome = run(socktap_run({"-e", counting_script(), "-c", load("--pairs 1")}));
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  EXPECT_EQ(outcome.output, "ready\nfirst\ntotal 1\n");
}

TEST(Ending, TheTimeLimit) {
  if (const std::string why = refusal(); !why.empty()) GTEST_SKIP() << why;
  const auto start = std::chrono::steady_clock::now();
  const Outcome outcome = run(socktap_run({"-T", "1", "-e", "probe end { println(\"bye\") }"}));
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  EXPECT_EQ(outcome.output, "bye\n");
  EXPECT_LT(std::chrono::steady_clock::now() - start, 5s);
}

struct Ended {
  const char* name;
  std::vector<std::string> arguments;
  int status;
  const char* error;  // a part of what goes to stderr
};

// NOLINTNEXTLINE(readability-identifier-naming): GoogleTest's name
void PrintTo(const Ended& ended, std::ostream* out) { *out << ended.name; }

class EndsWith : public testing::TestWithParam<Ended> {};

TEST_P(EndsWith, Status) {
  if (const std::string why = refusal(); !why.empty()) GTEST_SKIP() << why;
  const Outcome outcome = run(socktap_run(GetParam().arguments));
  EXPECT_EQ(outcome.status, GetParam().status) << outcome.errors;
  EXPECT_NE(outcome.errors.find(GetParam().error), std::string::npos) << outcome.errors;
}

INSTANTIATE_TEST_SUITE_P(
    Live, EndsWith,
    testing::Values(
        Ended{"exit", {"-e", "probe begin { exit() }"}, 0, ""},
        Ended{"command", {"-e", "probe socket.send { }", "-c", "true"}, 0, ""},
        Ended{"failing_command",
              {"-e", "probe socket.send { }", "-c", "sh -c 'exit 3'"},
              1,
              "WARNING: Child process exited with status 3"},
        Ended{"killed_command",
              {"-e", "probe socket.send { }", "-c", "sh -c 'kill -9 $$'"},
              1,
              "WARNING: Child process exited with signal 9"},
        Ended{"no_such_command",
              {"-e", "probe socket.send { }", "-c", "/no/such/command"},
              1,
              "ERROR: cannot run /no/such/command: No such file or directory"},
        Ended{"no_such_user",
              {"-e", "probe socket.send { }", "-c", "true", "--user", "no-such-user"},
              2,
              "ERROR: no user named no-such-user"},
        Ended{"parse_error", {"-e", "probe begin {"}, 1, "parse error: "},
        Ended{"semantic_error", {"-e", "probe socket.sent { }"}, 1, "semantic error: "},
        Ended{"run_time_error", {"-e", "probe begin { println(1 / 0) }"}, 1, "division by 0"},
        Ended{"unknown_option", {"--no-such-option"}, 2, "no-such-option"}),
    [](const testing::TestParamInfo<Ended>& it) { return std::string(it.param.name); });

}  // namespace
}  // namespace socktap::test
