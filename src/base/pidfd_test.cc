#include "base/pidfd.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

namespace socktap {
namespace {

TEST(Pidfd, TellsWhenAProcessHasEnded) {
  const pid_t child = ::fork();
  if (child == 0)
    for (;;) ::pause();
  const Pidfd handle(child);
  EXPECT_EQ(handle.number(), child);
  EXPECT_FALSE(handle.has_ended());
  handle.signal(SIGKILL);
  handle.wait_for_end();
  EXPECT_TRUE(handle.has_ended()) << "nobody has waited for it";
  siginfo_t end{};
  const auto [type, id] = handle.wait_target();
  EXPECT_EQ(::waitid(static_cast<idtype_t>(type), id, &end, WEXITED), 0);
  EXPECT_EQ(end.si_pid, child);
  EXPECT_EQ(end.si_status, SIGKILL);
  EXPECT_TRUE(handle.has_ended());
}

TEST(Pidfd, OfNobodyIsNotValid) { EXPECT_FALSE(Pidfd().valid()); }

}  // namespace
}  // namespace socktap
