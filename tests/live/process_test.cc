// process.begin and process.end: the processes of the target, each time one begins or ends.

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <regex>
#include <string>

#include "command.h"
#include "held_process.h"

namespace socktap::test {
namespace {

using namespace std::chrono_literals;

constexpr const char* both =
    "probe process.begin { println(\"begin \", pid() == target(), \" \", execname()) }\n"
    "probe process.end { println(\"end \", pid() == target(), \" \", execname()) }";

// What the target and its child do comes in an order of their own.
std::string of_target(const std::string& output, char is_target) {
  std::string lines;
  for (const std::string& line : lines_of(output))
    if (line.find(std::string(" ") + is_target + " ") != std::string::npos) lines += line + "\n";
  return lines;
}

TEST(Processes, OfACommandBeginAndEnd) {
  if (const std::string why = refusal(); !why.empty()) GTEST_SKIP() << why;
  const Outcome outcome =
      run(socktap_run({"-e", both, "-c", "sh -c '/bin/ls /dev/null; exec /bin/true'"}));
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  EXPECT_EQ(of_target(outcome.output, '1'), "begin 1 sh\nbegin 1 true\nend 1 true\n");
  EXPECT_EQ(of_target(outcome.output, '0'), "begin 0 sh\nbegin 0 ls\nend 0 ls\n");
}

TEST(Processes, ThreadsAreNone) {
  if (const std::string why = refusal(); !why.empty()) GTEST_SKIP() << why;
  ::setenv("ASAN_OPTIONS", "detect_leaks=0", 1);  // a sanitized load looks for leaks in a process
  const Outcome outcome = run(socktap_run(
      {"-e",
       std::string(both) + "\nglobal threads probe socket.send { threads[tid()] = 1 }\n"
                           "probe end { foreach (t in threads) n++; println(n, \" threads\") }",
       "-c", std::string(SOCKTAP_LOAD) + " --threads 5 --pairs 10 --count-file /dev/null"}));
  ::unsetenv("ASAN_OPTIONS");
  EXPECT_EQ(outcome.output, "begin 1 load\nend 1 load\n5 threads\n") << outcome.errors;
}

TEST(Processes, ATargetThatIsThereBeganBefore) {
  if (const std::string why = refusal(); !why.empty()) GTEST_SKIP() << why;
  HeldProcess target({"/bin/sh", "-c", "/bin/true; exit 3"});
  Command socktap(socktap_run({"-e", both, "-x", std::to_string(target.pid())}));
  ASSERT_TRUE(socktap.printed("begin 1 ", 10s));
  target.let_go();
  target.wait();
  socktap.signal(SIGINT);
  const Outcome outcome = socktap.wait();
  const std::string own = of_target(outcome.output, '1');
  EXPECT_TRUE(std::regex_match(own, std::regex("begin 1 .*\nbegin 1 sh\nend 1 sh\n"))) << own;
  EXPECT_EQ(of_target(outcome.output, '0'), "begin 0 sh\nbegin 0 true\nend 0 true\n");
}

// Called as stap, -x sets target() and filters nothing else, but these are the target's.
TEST(Processes, AreTheTargetsWhateverIsTraced) {
  if (const std::string why = refusal_of_ebpf(); !why.empty()) GTEST_SKIP() << why;
  const TemporaryFolder folder("stap");
  const std::string stap = folder.path() + "/stap";
  ASSERT_EQ(::symlink(SOCKTAP_BINARY, stap.c_str()), 0);
  HeldProcess other({"/bin/true"});
  HeldProcess target({"/bin/true"});
  Command run({stap, "-e", both, "-x", std::to_string(target.pid())});
  ASSERT_TRUE(run.printed("begin 1 ", 10s));
  other.let_go();
  other.wait();
  target.let_go();
  target.wait();
  run.signal(SIGINT);
  const Outcome outcome = run.wait();
  EXPECT_EQ(of_target(outcome.output, '0'), "") << outcome.output;
  EXPECT_NE(outcome.output.find("end 1 true\n"), std::string::npos) << outcome.output;
}

}  // namespace
}  // namespace socktap::test
