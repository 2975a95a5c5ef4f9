// Processes and threads that live in unusual ways are followed all the same, and what they do is
// told as often as it happens; nobody is left stopped.

#include <gtest/gtest.h>
#include <signal.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "base/proc.h"
#include "command.h"
#include "conformance.h"

namespace socktap::test {
namespace {

using Words = std::vector<std::string>;
using namespace std::chrono_literals;

const std::string counting =
    "global c, s, r, x probe socket.create.return { c++ } probe socket.send { s++ } "
    "probe socket.receive { r++ } probe socket.close { x++ } "
    "probe end { printf(\"creates %d sends %d receives %d closes %d\\n\", c, s, r, x) }";

struct Life {
  const char* step;
  int count;
};

// NOLINTNEXTLINE(readability-identifier-naming): GoogleTest's name
void PrintTo(const Life& life, std::ostream* out) { *out << life.step << " " << life.count; }

Outcome traced(const Life& life, const std::string& backend) {
  return run({SOCKTAP_BINARY, "run", "--backend", backend, "-q", "-w", "-e", counting, "-c",
              std::string(SOCKTAP_UNRULY) + " " + life.step + " " + std::to_string(life.count)});
}

class LivesOfTracers : public testing::Test {
 protected:
  void SetUp() override {
    leave_out_leak_search();
    const Outcome outcome = traced({"talks", 1}, "ptrace");
    if (outcome.status == 3) GTEST_SKIP() << outcome.errors;
  }

  // The program's own line and the script's.
  static void expect_agreement(const Outcome& outcome) {
    EXPECT_EQ(outcome.status, 0) << outcome.errors;
    const Words lines = lines_of(outcome.output);
    ASSERT_EQ(lines.size(), 2u) << outcome.output << outcome.errors;
    EXPECT_EQ(lines[0], lines[1]);
  }
};

class Lives : public LivesOfTracers, public testing::WithParamInterface<Life> {};

TEST_P(Lives, AreFollowed) { expect_agreement(traced(GetParam(), "ptrace")); }

TEST_P(Lives, AsByEbpf) {
  if (const std::string why = refusal_of_ebpf(); !why.empty()) GTEST_SKIP() << why;
  expect_agreement(traced(GetParam(), "ebpf"));
}

INSTANTIATE_TEST_SUITE_P(
    Unruly, Lives,
    testing::Values(Life{"threads_that_come_and_go", 10'000}, Life{"fork_storm", 10},
                    Life{"makers_that_are_killed", 200}, Life{"first_thread_ends", 20},
                    Life{"descriptors_of_their_own", 10}, Life{"killed_within_a_call", 20},
                    Life{"numbers_that_are_used_again", 500}, Life{"a_thread_executes", 1},
                    Life{"a_thread_executes_after_the_first_has_ended", 1},
                    Life{"sockets_on_their_way", 500},
                    Life{"first_thread_leaves_its_descriptors", 5},
                    Life{"ranges_that_close_nothing", 1}),
    [](const auto& life) { return std::string(life.param.step); });

// How many events were missed, as the run says.
long lost_in(const Outcome& outcome) {
  long lost = 0;
  for (const std::string& line : lines_of(outcome.errors))
    if (line.find(" lost because a probe did not fire") != std::string::npos)
      std::sscanf(line.c_str(), "WARNING: %ld", &lost);
  return lost;
}

// Threads that are killed in the middle of a call may stop no more to tell how it ended, which is
// counted; four at most of each process.
TEST_F(LivesOfTracers, ProcessesExitWhateverTheirThreadsAreAt) {
  constexpr int processes = 40;
  constexpr long most_killed = 4L * processes;
  const std::string balance =
      "global begun, concluded, made, released probe socket.create { begun++ } "
      "probe socket.create.return { concluded++; if (success) made++ } "
      "probe socket.close { released++ } "
      "probe end { printf(\"%d %d %d %d\\n\", begun, concluded, made, released) }";
  const Outcome outcome =
      run({SOCKTAP_BINARY, "run", "--backend", "ptrace", "-q", "-e", balance, "-c",
           std::string(SOCKTAP_UNRULY) + " exits_meanwhile " + std::to_string(processes)});
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  long begun = 0, concluded = 0, made = 0, released = 0;
  ASSERT_EQ(std::sscanf(lines_of(outcome.output).back().c_str(), "%ld %ld %ld %ld", &begun,
                        &concluded, &made, &released),
            4)
      << outcome.output;
  EXPECT_GT(made, 10 * most_killed);
  EXPECT_LE(begun - concluded, most_killed);
  EXPECT_LE(std::abs(made - released), lost_in(outcome));
}

// As under every tracer, it cannot.
TEST_F(LivesOfTracers, AProgramThatTracesItselfIsToldSo) {
  EXPECT_EQ(run({SOCKTAP_UNRULY, "traces_itself", "1"}).output.find("nobody traces it\n"), 0u);
  expect_agreement(traced({"traces_itself", 1}, "ptrace"));
}

// Under -x, too, where the run ends while they go on.
class LivesGoOn : public Lives {};

TEST_P(LivesGoOn, WhenTheRunEnds) {
  Command program({SOCKTAP_UNRULY, GetParam().step, std::to_string(GetParam().count)});
  const auto goes_on = [&program] { return !proc_status(program.pid())->has_ended; };
  int times = 0;
  for (; times < 5 && goes_on(); ++times) {
    Command socktap({SOCKTAP_BINARY, "run", "--backend", "ptrace", "-q", "-e",
                     "probe begin { println(\"ready\") } probe socket.send { }", "-x",
                     std::to_string(program.pid())});
    if (!socktap.printed("ready", 10s)) break;
    std::this_thread::sleep_for(50ms);
    socktap.signal(SIGINT);
    EXPECT_EQ(socktap.wait(10s).status, 0);
  }
  EXPECT_TRUE(times == 5 || !goes_on());
  EXPECT_GT(times, 0);
  const Outcome outcome = program.wait(100s);
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  EXPECT_EQ(lines_of(outcome.output).size(), 1u) << outcome.output;
}

INSTANTIATE_TEST_SUITE_P(Unruly, LivesGoOn,
                         testing::Values(Life{"threads_that_come_and_go", 40'000},
                                         Life{"makers_that_are_killed", 1000},
                                         Life{"numbers_that_are_used_again", 40'000}),
                         [](const auto& life) { return std::string(life.param.step); });

}  // namespace
}  // namespace socktap::test
