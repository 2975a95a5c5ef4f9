// Tracing by ptrace: what an ordinary user gets, that it is what eBPF shows, and that who is traced
// fares as if nobody traced.

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "accounts.h"
#include "base/proc.h"
#include "command.h"
#include "conformance.h"

namespace socktap::test {
namespace {

using Words = std::vector<std::string>;
using namespace std::chrono_literals;

Words by_ptrace(Words arguments) {
  Words words{SOCKTAP_BINARY, "run", "--backend", "ptrace"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  return words;
}

// Why nothing can be traced here; empty if it can.
std::string refusal_of_ptrace() {
  const Outcome outcome = run(by_ptrace({"-q", "-e", "probe socket.send { }", "-c", "true"}));
  return outcome.status == 3 ? outcome.errors : "";
}

class Ptrace : public testing::Test {
 protected:
  void SetUp() override {
    leave_out_leak_search();
    if (const std::string why = refusal_of_ptrace(); !why.empty()) GTEST_SKIP() << why;
  }
};

const std::string count_sends =
    "global sends, receives, bytes; probe socket.send { sends++; bytes += size } "
    "probe socket.receive { receives++ } "
    "probe end { printf(\"%d %d %d\\n\", sends, receives, bytes) }";

TEST_F(Ptrace, SeesEveryMessageOfACommandAndItsThreads) {
  const TemporaryFile count("count");
  const Outcome outcome =
      run(by_ptrace({"-e", count_sends, "-c", load_command("--threads 2 --pairs 500", count)}));
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  EXPECT_EQ(outcome.output, "1000 1000 1000\n");
}

TEST_F(Ptrace, ACommandFaresAsItWouldAlone) {
  const std::string script = "probe socket.send { println(size) }";
  const Outcome failed = run(by_ptrace({"-e", script, "-c", "sh -c 'exit 7'"}));
  EXPECT_NE(failed.errors.find("exited with status 7"), std::string::npos) << failed.errors;
  const Outcome killed = run(by_ptrace({"-e", script, "-c", "sh -c 'kill -TERM $$'"}));
  EXPECT_NE(killed.errors.find("exited with signal 15"), std::string::npos) << killed.errors;
  const Outcome missing = run(by_ptrace({"-e", script, "-c", "/nosuch/command"}));
  EXPECT_NE(missing.errors.find("cannot run /nosuch/command"), std::string::npos) << missing.errors;
  // Its own signals and handlers, and stopping itself until a child wakes it.
  const Outcome signalled = run(
      by_ptrace({"-e", script, "-c",
                 "sh -c 'trap \"echo caught\" USR1; kill -USR1 $$; (sleep 0.2; kill -CONT $$) & "
                 "kill -STOP $$; echo woken'"}));
  EXPECT_EQ(signalled.output, "caught\nwoken\n") << signalled.errors;
}

// Whose filter needs somebody to answer for it.
TEST_F(Ptrace, ACommandOutlivesSocktap) {
  const TemporaryFile count("count");
  Command socktap(by_ptrace({"-q", "-e", "probe begin { println(\"ready\") } probe socket.send { }",
                             "-c", load_command("--pairs 300 --interval-ms 5", count)}));
  ASSERT_TRUE(socktap.printed("ready", 10s));
  std::this_thread::sleep_for(300ms);
  ::kill(socktap.pid(), SIGKILL);
  for (int tries = 0; tries < 500 && !std::filesystem::exists(count.path()); ++tries)
    std::this_thread::sleep_for(20ms);
  std::this_thread::sleep_for(50ms);
  EXPECT_EQ(read_count(count).events(), 600u);
}

TEST_F(Ptrace, AProcessIsLetGoUnharmed) {
  const TemporaryFile count("count");
  Command load({"sh", "-c", "exec " + load_command("--pairs 300 --interval-ms 5", count)});
  std::this_thread::sleep_for(200ms);
  Command socktap(by_ptrace({"-q", "-e", "probe begin { println(\"ready\") } " + count_sends, "-x",
                             std::to_string(load.pid())}));
  ASSERT_TRUE(socktap.printed("ready", 10s));
  std::this_thread::sleep_for(400ms);
  socktap.signal(SIGINT);
  const Outcome traced = socktap.wait();
  EXPECT_EQ(traced.status, 0) << traced.errors;
  long sends = 0;
  ASSERT_EQ(std::sscanf(traced.output.c_str(), "ready\n%ld", &sends), 1) << traced.output;
  EXPECT_GT(sends, 10);
  EXPECT_LT(sends, 300);
  EXPECT_EQ(load.wait().status, 0);
  EXPECT_EQ(read_count(count).events(), 600u);
}

// Its last events are unknown: that is no quiet end.
TEST_F(Ptrace, ATracerThatIsKilledIsAnError) {
  const TemporaryFile count("count");
  Command load({"sh", "-c", "exec " + load_command("--pairs 200 --interval-ms 5", count)});
  std::this_thread::sleep_for(100ms);
  Command socktap(by_ptrace({"-q", "-e", "probe begin { println(\"ready\") } " + count_sends, "-x",
                             std::to_string(load.pid())}));
  ASSERT_TRUE(socktap.printed("ready", 10s));
  const auto status = proc_status(load.pid());
  ASSERT_TRUE(status && status->tracer > 0);
  const auto tracer = static_cast<pid_t>(status->tracer);
  ::kill(tracer, SIGKILL);
  const Outcome traced = socktap.wait();
  EXPECT_NE(traced.status, 0);
  EXPECT_NE(traced.errors.find("the process that traces for socktap was killed"), std::string::npos)
      << traced.errors;
  EXPECT_EQ(load.wait().status, 0);
  EXPECT_EQ(read_count(count).events(), 400u);
}

TEST_F(Ptrace, AllProcessesAreRefused) {
  const Outcome outcome = run(by_ptrace({"-e", "probe socket.send { }"}));
  EXPECT_EQ(outcome.status, 3);
  EXPECT_NE(outcome.errors.find("ptrace cannot observe all processes"), std::string::npos);
  EXPECT_NE(outcome.errors.find("hint: -c COMMAND or -x PID"), std::string::npos);
}

}  // namespace
}  // namespace socktap::test
