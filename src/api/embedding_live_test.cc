// Sessions in programs that have threads, signal handlers and children of their own.

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <thread>
#include <vector>

#include "socktap/socktap.h"

namespace {

using socktap::EventView;
using socktap::Options;
using socktap::Result;
using socktap::Session;
using socktap::Summary;

// Sends the same number of messages each time.
const std::vector<std::string> sender{SOCKTAP_WORKLOAD, "--truth", "/dev/null", "--only",
                                      "unix_dgram/send"};

// What a session of that command comes to; how many sent messages it told of.
Result<Summary> run(const std::vector<std::string>& command, const std::string& backend,
                    int& events) {
  Session session({.command = command, .duration = std::chrono::seconds(60), .backend = backend});
  EXPECT_TRUE(session.on({.points = "socket.send", .condition = "success", .variables = {"size"}},
                         [&events](const EventView&) { ++events; }));
  EXPECT_TRUE(session.on("socket.create, socket.close", [](const EventView&) {}));
  return session.run();
}

class EachBackendInAHost : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    int events = 0;
    if (const auto summary = run({"true"}, GetParam(), events); !summary)
      GTEST_SKIP() << summary.error().message << " (" << summary.error().hint << ")";
  }
};

TEST_P(EachBackendInAHost, RunsInTwoThreads) {
  constexpr int rounds = 10;
  int expected = 0;
  ASSERT_TRUE(run(sender, GetParam(), expected));
  EXPECT_GT(expected, 0);
  std::vector<std::thread> threads;
  for (int i = 0; i < 2; ++i)
    threads.emplace_back([expected] {
      for (int round = 0; round < rounds; ++round) {
        int events = 0;
        const auto summary = run(sender, GetParam(), events);
        ASSERT_TRUE(summary) << summary.error().message;
        EXPECT_EQ(summary->ending, socktap::Ending::command_ended);
        EXPECT_EQ(events, expected);
      }
    });
  for (std::thread& thread : threads) thread.join();
}

class SignalAction {
 public:
  SignalAction(int signal, sighandler_t handler)
      : signal_(signal), before_(::signal(signal, handler)) {}
  ~SignalAction() { ::signal(signal_, before_); }
  SignalAction(const SignalAction&) = delete;
  SignalAction& operator=(const SignalAction&) = delete;

 private:
  int signal_;
  sighandler_t before_;
};

void wait_for_all(int) {
  const int code = errno;
  while (::waitpid(-1, nullptr, WNOHANG) > 0) continue;
  errno = code;
}

TEST_P(EachBackendInAHost, EndsWithACommandWhoseEndSomebodyElseIsToldOf) {
  int expected = 0;
  ASSERT_TRUE(run(sender, GetParam(), expected));
  for (const sighandler_t handler : {SIG_IGN, wait_for_all}) {
    const SignalAction action(SIGCHLD, handler);
    int events = 0;
    const auto summary = run(sender, GetParam(), events);
    ASSERT_TRUE(summary) << summary.error().message;
    EXPECT_EQ(summary->ending, socktap::Ending::command_ended);
    EXPECT_EQ(events, expected);
    for (const std::uint64_t count : summary->losses) EXPECT_EQ(count, 0u);
    EXPECT_FALSE(run({"/nonexistent/command"}, GetParam(), events));
  }
}

// A command that goes on after the run is the program's own child; whoever serves it is not.
TEST_P(EachBackendInAHost, LeavesTheCommandAsTheOnlyChild) {
  pid_t command = 0;
  {
    Session session({.command = {"sleep", "1000"}, .backend = GetParam()});
    ASSERT_TRUE(session.on("process.begin", [&](const EventView& event) {
      command = event.pid();
      session.stop();
    }));
    const auto summary = session.run();
    ASSERT_TRUE(summary) << summary.error().message;
    EXPECT_EQ(summary->ending, socktap::Ending::stopped);
  }
  ASSERT_GT(command, 0);
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), 0);
  ::kill(command, SIGKILL);
  EXPECT_EQ(::waitpid(-1, nullptr, 0), command);
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
}

TEST_P(EachBackendInAHost, ACommandThatIsKilledBeforeItRunsIsAnError) {
  Session session({.command = {"true"}, .backend = GetParam()});
  ASSERT_TRUE(session.add_script("probe begin { println(target()) }"));
  struct Killer : socktap::Sink {
    Result<void> output(std::string_view text) override {
      const auto command = static_cast<pid_t>(std::stol(std::string(text)));
      ::kill(command, SIGKILL);
      siginfo_t end{};
      ::waitid(P_PID, static_cast<id_t>(command), &end, WEXITED | WNOWAIT);
      return {};
    }
  } killer;
  session.write_to(killer);
  ASSERT_TRUE(session.on("socket.send", [](const EventView&) {}));
  const auto summary = session.run();
  ASSERT_FALSE(summary);
  EXPECT_EQ(summary.error().code, ESRCH) << summary.error().message;
}

TEST(Refusal, SaysWhichErrorItWas) {
  Session gone({.process = 0x3fffffff, .backend = "ptrace"});
  ASSERT_TRUE(gone.on("socket.send", [](const EventView&) {}));
  const auto missing = gone.run();
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ESRCH) << missing.error().message;

  const pid_t ordinary = ::fork();
  if (ordinary == 0) {
    constexpr uid_t nobody = 65534;
    if (::geteuid() == 0 && (::setgid(nobody) != 0 || ::setuid(nobody) != 0)) ::_exit(EPERM);
    int events = 0;
    const auto summary = run({"true"}, "ebpf", events);
    ::_exit(summary ? 0 : summary.error().code);
  }
  int status = 0;
  EXPECT_EQ(::waitpid(ordinary, &status, 0), ordinary);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), EPERM);
}

INSTANTIATE_TEST_SUITE_P(By, EachBackendInAHost, testing::Values("ebpf", "ptrace"),
                         [](const auto& backend) { return std::string(backend.param); });

}  // namespace
