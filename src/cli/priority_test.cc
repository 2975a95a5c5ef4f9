#include "cli/priority.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>

namespace socktap::cli {
namespace {

enum Outcome : int { gave_way, was_refused, kept_the_cpu, is_inherited };

int policy() { return ::sched_getscheduler(0) & ~SCHED_RESET_ON_FORK; }

bool a_child_is_ordinary() {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(policy() == SCHED_OTHER ? 0 : 1);
  int status = 0;
  return ::waitpid(child, &status, 0) == child && status == 0;
}

// In a process of its own: what is changed stays.
[[noreturn]] void run_without_a_pause() {
  using namespace std::chrono_literals;
  take_turns_promptly();
  if (policy() != SCHED_RR) ::_exit(was_refused);
  if (!a_child_is_ordinary()) ::_exit(is_inherited);
  const auto until = std::chrono::steady_clock::now() + 20s;
  while (policy() == SCHED_RR && std::chrono::steady_clock::now() < until) {
  }
  ::_exit(policy() == SCHED_OTHER ? gave_way : kept_the_cpu);
}

TEST(Priority, WhoRunsTooLongGivesWay) {
  const pid_t child = ::fork();
  if (child == 0) run_without_a_pause();
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  if (WEXITSTATUS(status) == was_refused) GTEST_SKIP() << "real-time priorities are refused here";
  EXPECT_EQ(WEXITSTATUS(status), gave_way);
}

}  // namespace
}  // namespace socktap::cli
