#include "session/target.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

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
    if (const auto status = target.poll()) return *status;
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

}  // namespace
}  // namespace socktap::session
