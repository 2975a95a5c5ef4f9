#include "session/target.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <memory>

#include "base/pidfd.h"
#include "base/signal_action_test.h"
#include "base/signals.h"

namespace socktap::session {
namespace {

using Words = std::vector<std::string>;

TEST(SplitWords, SplitsAsAShellDoes) {
  EXPECT_EQ(split_words("curl -s http://127.0.0.1/"), (Words{"curl", "-s", "http://127.0.0.1/"}));
  EXPECT_EQ(split_words("  a\t'b c' \"d  e\" f\\ g ''"), (Words{"a", "b c", "d  e", "f g", ""}));
  EXPECT_EQ(split_words("a'b'\"c\""), Words{"abc"});
  EXPECT_EQ(split_words(""), Words{});
}

TEST(SplitWords, LeavesShellSyntaxToTheShell) {
  for (const char* command : {"a | b", "a > f", "a; b", "echo $HOME", "echo \"$HOME\"", "ls *.c",
                              "a && b", "echo `id`", "'open", "end\\"}) {
    EXPECT_EQ(split_words(command), std::nullopt) << command;
  }
}

int wait_for(TargetProcess& target) {
  for (int i = 0; i < 5000; ++i) {
    if (target.has_ended()) return target.status().value_or(-1);
    ::usleep(1000);
  }
  ADD_FAILURE() << "the target did not end";
  return -1;
}

std::string slurp(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(TargetProcess, RunsOnlyOnceItIsLetGo) {
  const std::string path = testing::TempDir() + "/socktap_target_" + std::to_string(::getpid());
  auto target = TargetProcess::start("echo $$ > " + path, std::nullopt);
  ASSERT_TRUE(target) << target.error().message;
  ::usleep(20'000);
  EXPECT_EQ(::access(path.c_str(), F_OK), -1);
  ASSERT_TRUE(target->let_go());
  EXPECT_EQ(wait_for(*target), 0);
  EXPECT_EQ(slurp(path), std::to_string(target->pid()) + "\n") << "the shell is the command itself";
  ::unlink(path.c_str());
}

TEST(TargetProcess, CommandThatIsNotThereIsAnErrorWithItsName) {
  auto target = TargetProcess::start("/nonexistent/command", std::nullopt);
  ASSERT_TRUE(target);
  const auto gone = target->let_go();
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().message, "cannot run /nonexistent/command: No such file or directory");
}

TEST(TargetProcess, GivesTheExitStatus) {
  auto target = TargetProcess::start(Words{"sh", "-c", "exit 3"}, std::nullopt);
  ASSERT_TRUE(target);
  ASSERT_TRUE(target->let_go());
  EXPECT_EQ(WEXITSTATUS(wait_for(*target)), 3);
}

TEST(TargetProcess, UnknownUserIsRefused) {
  const auto target = TargetProcess::start("true", "no-such-user-here");
  ASSERT_FALSE(target);
  EXPECT_EQ(target.error().message, "no user named no-such-user-here");
}

TEST(TargetProcess, OneThatIsNeverLetGoEndsWithUs) {
  pid_t pid = 0;
  {
    auto target = TargetProcess::start("sleep 100", std::nullopt);
    ASSERT_TRUE(target);
    pid = target->pid();
  }
  EXPECT_EQ(::kill(pid, 0), -1);
}

// A process that has every descriptor that this one has now, until it is told to end.
class Sibling {
 public:
  Sibling() : pid_(::fork()) {
    if (pid_ == 0)
      for (;;) ::pause();
  }
  ~Sibling() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  Sibling(const Sibling&) = delete;
  Sibling& operator=(const Sibling&) = delete;

 private:
  pid_t pid_;
};

TEST(TargetProcess, OneThatIsNeverLetGoEndsThoughOthersHaveItsPipes) {
  auto target = std::make_unique<Result<TargetProcess>>(TargetProcess::start("true", std::nullopt));
  ASSERT_TRUE(*target);
  const pid_t pid = (*target)->pid();
  const Sibling sibling;
  target.reset();
  EXPECT_EQ(::kill(pid, 0), -1);
}

TEST(TargetProcess, OneThatWasKilledBeforeItRanIsAnError) {
  auto target = TargetProcess::start("true", std::nullopt);
  ASSERT_TRUE(target);
  ::kill(target->pid(), SIGKILL);
  Pidfd(target->pid()).wait_for_end();
  const auto gone = target->let_go();  // SIGPIPE would end this test
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().message, "cannot run true: it was killed before it began");
  EXPECT_EQ(gone.error().code, ESRCH);
}

TEST(TargetProcess, ItsEndIsSeenThoughSomebodyElseIsToldOfIt) {
  for (const sighandler_t handler : {SIG_IGN, wait_for_all}) {
    const SignalAction action(SIGCHLD, handler);
    auto target = TargetProcess::start(Words{"sh", "-c", "exit 3"}, std::nullopt);
    ASSERT_TRUE(target);
    EXPECT_FALSE(target->has_ended());
    ASSERT_TRUE(target->let_go());
    for (int i = 0; i < 5000 && !target->has_ended(); ++i) ::usleep(1000);
    EXPECT_TRUE(target->has_ended());
    auto missing = TargetProcess::start("/nonexistent/command", std::nullopt);
    ASSERT_TRUE(missing);
    EXPECT_FALSE(missing->let_go());
    EXPECT_TRUE(TargetProcess::start("true", std::nullopt)) << "and is killed at once";
  }
}

// What of this program's signals a command begins with.
TEST(TargetProcess, BeginsWithSignalsAsAShellGivesThem) {
  const SignalAction ignored(SIGPIPE, SIG_IGN);
  const SignalAction children(SIGCHLD, SIG_IGN);
  const SignalAction by_nohup(SIGQUIT, SIG_IGN);
  const SignalAction handled(SIGUSR1, [](int) {});
  const std::string path = testing::TempDir() + "/socktap_signals_" + std::to_string(::getpid());
  {
    const BlockedSignals blocked;
    auto target = TargetProcess::start("cat /proc/self/status > " + path, std::nullopt);
    ASSERT_TRUE(target);
    ASSERT_TRUE(target->let_go());
    while (!target->has_ended()) ::usleep(1000);
  }
  const std::string status = slurp(path);
  ::unlink(path.c_str());
  const auto set = [&status](const std::string& name) {
    const std::size_t at = status.find(name + ":\t");
    return at == std::string::npos ? ~0ULL
                                   : std::stoull(status.substr(at + name.size() + 2), nullptr, 16);
  };
  const auto bit = [](int signal) { return 1ULL << (signal - 1); };
  EXPECT_EQ(set("SigBlk"), 0u);
  EXPECT_EQ(set("SigCgt"), 0u);
  EXPECT_NE(set("SigIgn") & bit(SIGQUIT), 0u) << "stays ignored";
  EXPECT_EQ(set("SigIgn") & (bit(SIGPIPE) | bit(SIGCHLD) | bit(SIGUSR1)), 0u);
}

}  // namespace
}  // namespace socktap::session
