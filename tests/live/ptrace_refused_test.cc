// Where pidfd_getfd(2) is refused, as in containers, sockets are looked up in /proc: but for their
// flags nothing is different.

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <vector>

#include "command.h"
#include "conformance.h"

namespace socktap::test {
namespace {

using Words = std::vector<std::string>;

Words by_ptrace(const std::string& script, const std::string& command) {
  return {SOCKTAP_BINARY, "run", "--backend", "ptrace", "-q", "-w", "-e", script, "-c", command};
}

Words refused(Words command) {
  Words words{SOCKTAP_REFUSE, "pidfd_getfd", "--"};
  words.insert(words.end(), command.begin(), command.end());
  return words;
}

// In an order of their own, as threads have none.
std::string sorted_lines(const Words& command) {
  const Outcome outcome = run(command);
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  Words lines = lines_of(outcome.output);
  std::ranges::sort(lines);
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

class PtraceRefused : public testing::Test {
 protected:
  void SetUp() override {
    leave_out_leak_search();
    const Outcome outcome = run(by_ptrace("probe socket.send { }", "true"));
    if (outcome.status == 3) GTEST_SKIP() << outcome.errors;
    ASSERT_EQ(outcome.status, 0) << outcome.errors;
  }
};

// Then they are known by their numbers.
TEST_F(PtraceRefused, HandlesOfProcessesAreNotNeeded) {
  const auto told_with = [](const Words& refusals) {
    Words words{SOCKTAP_REFUSE};
    words.insert(words.end(), refusals.begin(), refusals.end());
    for (const char* word : {"--", SOCKTAP_BINARY, "run", "--backend", "ptrace", "-q", "-e",
                             "probe process.end { println(\"ended\") }", "-c", "sh -c 'exit 7'"})
      words.emplace_back(word);
    return run(words);
  };
  const Outcome outcome = told_with({"pidfd_open"});
  EXPECT_EQ(outcome.output, "ended\n") << outcome.errors;
  EXPECT_NE(outcome.errors.find("exited with status 7"), std::string::npos) << outcome.errors;
  EXPECT_EQ(outcome.status, told_with({"pidfd_getfd"}).status);
}

class PtraceRefusedSteps : public PtraceRefused, public testing::WithParamInterface<const char*> {};

TEST_P(PtraceRefusedSteps, TellTheSame) {
  const std::string script =
      "probe socket.send, socket.receive, socket.sendmsg, socket.aio_write, socket.writev, "
      "socket.recvmsg, socket.aio_read, socket.readv "
      "{ printf(\"%s %d %d %d %d %d\\n\", name, size, family, type, protocol, state) } "
      "probe socket.create.return { printf(\"%s %d %d %d %d %d\\n\", name, family, type, protocol, "
      "success, err) } "
      "probe socket.close { printf(\"%s %d %d %d %d\\n\", name, family, type, protocol, state) }";
  const Words command =
      by_ptrace(script, std::string(SOCKTAP_WORKLOAD) + " --calls-only --truth /dev/null --only " +
                            GetParam());
  const std::string told = sorted_lines(command);
  if (told.empty() && ::geteuid() != 0) GTEST_SKIP() << "takes CAP_NET_RAW";
  EXPECT_FALSE(told.empty());
  EXPECT_EQ(sorted_lines(refused(command)), told);
}

// What is left out was never asked while it was connected: close/never_accepted.
INSTANTIATE_TEST_SUITE_P(
    Workload, PtraceRefusedSteps,
    testing::Values("tcp4/send", "tcp4/receive", "tcp6", "udp6", "unix_stream/send", "unix_dgram",
                    "unix_seqpacket", "raw4", "packet", "create", "create_refused", "i386",
                    "close/shut_down_first", "close/dup2_over", "close/dup3_over",
                    "close/dup2_of_socket_over", "close/close_range", "close/closed_twice",
                    "close/duplicates", "close/passed_on", "close/dropped_in_flight",
                    "process/thread_with_own_descriptors", "process/execve"),
    [](const auto& step) {
      std::string name = step.param;
      std::ranges::replace(name, '/', '_');
      return name;
    });

// Each socket has one number, whoever uses it.
TEST_F(PtraceRefused, ASocketKeepsItsNumber) {
  const std::string script =
      "global sockets; probe socket.send, socket.receive { sockets[sock]++ } "
      "probe end { foreach (number in sockets) println(number != 0, \" \", sockets[number]) }";
  const Words command = by_ptrace(
      script, std::string(SOCKTAP_WORKLOAD) + " --calls-only --truth /dev/null --only udp4");
  EXPECT_EQ(sorted_lines(refused(command)), sorted_lines(command));
}

// What is not traced must not be held, either.
TEST_F(PtraceRefused, ARunThatIsRefusedEndsWhereDescriptorsCannotBeClosedAtOnce) {
  Words words{SOCKTAP_REFUSE, "close_range", "--"};
  for (const std::string& word : by_ptrace("probe netdev.transmit { println(1) }", "true"))
    words.push_back(word);
  EXPECT_EQ(Command(words).wait(std::chrono::seconds(20)).status, 3);
}

}  // namespace
}  // namespace socktap::test
