// Sessions in programs that have threads, signal handlers and children of their own.

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <string>
#include <thread>
#include <vector>

#include "base/signal_action_test.h"
#include "socktap/socktap.h"

namespace {

using socktap::EventView;
using socktap::Result;
using socktap::Session;
using socktap::SignalAction;
using socktap::Summary;
using socktap::wait_for_all;

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
  const auto run_often = [expected] {
    for (int round = 0; round < rounds; ++round) {
      int events = 0;
      const auto summary = run(sender, GetParam(), events);
      ASSERT_TRUE(summary) << summary.error().message;
      EXPECT_EQ(summary->ending, socktap::Ending::command_ended);
      EXPECT_EQ(events, expected);
    }
  };
  std::thread one(run_often);
  std::thread other(run_often);
  one.join();
  other.join();
}

// Makes sockets, uses and releases them for as long as it lives.
class Noise {
 public:
  Noise() : thread_([this] { make(); }) {}
  ~Noise() {
    is_over_ = true;
    thread_.join();
  }
  Noise(const Noise&) = delete;
  Noise& operator=(const Noise&) = delete;

 private:
  void make() const {
    char room[64] = {};
    for (std::size_t size = 1; !is_over_; size = size % sizeof room + 1) {
      int ends[2];
      if (::socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, ends) != 0) continue;
      if (::send(ends[0], room, size, 0) > 0) static_cast<void>(::recv(ends[1], room, size, 0));
      ::close(ends[0]);
      ::close(ends[1]);
      ::usleep(20);  // a full ring would look as if something were not seen
    }
  }

  std::atomic<bool> is_over_ = false;
  std::thread thread_;
};

TEST_P(EachBackendInAHost, SeesAsWellWhileOtherThreadsUseSockets) {
  int expected = 0;
  const auto quiet = run(sender, GetParam(), expected);
  ASSERT_TRUE(quiet);
  const Noise noise;
  for (int round = 0; round < 5; ++round) {
    int events = 0;
    const auto summary = run(sender, GetParam(), events);
    ASSERT_TRUE(summary) << summary.error().message;
    EXPECT_EQ(events, expected);
    ASSERT_EQ(summary->paths.size(), quiet->paths.size());
    for (std::size_t i = 0; i < quiet->paths.size(); ++i) {
      EXPECT_EQ(summary->paths[i].visibility, quiet->paths[i].visibility) << quiet->paths[i].path;
      EXPECT_EQ(summary->paths[i].strategy, quiet->paths[i].strategy) << quiet->paths[i].path;
    }
  }
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
