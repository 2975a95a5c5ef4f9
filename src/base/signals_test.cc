#include "base/signals.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>

namespace socktap {
namespace {

int pipes = 0;

class Signals : public testing::Test {
 protected:
  void SetUp() override {
    pipes = 0;
    before_ = ::signal(SIGPIPE, [](int) { ++pipes; });
    ASSERT_EQ(::pipe(ends_), 0);
    ::close(ends_[0]);
  }
  void TearDown() override {
    ::close(ends_[1]);
    ::signal(SIGPIPE, before_);
  }
  bool breaks() const { return ::write(ends_[1], "x", 1) < 0 && errno == EPIPE; }

 private:
  int ends_[2] = {-1, -1};
  sighandler_t before_ = SIG_DFL;
};

TEST_F(Signals, ABrokenPipeIsAnErrorOnly) {
  {
    const NoSigpipe guard;
    EXPECT_TRUE(breaks());
  }
  EXPECT_EQ(errno, EPIPE);
  EXPECT_EQ(pipes, 0);
  EXPECT_TRUE(breaks());
  EXPECT_EQ(pipes, 1) << "as before";
}

TEST_F(Signals, APendingOneStaysSomebodyElses) {
  {
    const BlockedSignals blocked;
    EXPECT_TRUE(breaks());
    const NoSigpipe guard;
    EXPECT_TRUE(breaks());
  }
  EXPECT_EQ(pipes, 1);
}

TEST_F(Signals, HandlersAreDroppedAndIgnoredOnesAreNot) {
  ::signal(SIGUSR1, SIG_IGN);
  drop_signal_handlers();
  EXPECT_EQ(::signal(SIGPIPE, SIG_IGN), SIG_DFL);
  EXPECT_EQ(::signal(SIGUSR1, SIG_DFL), SIG_IGN);
}

}  // namespace
}  // namespace socktap
