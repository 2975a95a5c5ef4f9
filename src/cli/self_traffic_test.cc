#include "cli/self_traffic.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>

#include "base/unique_fd.h"

namespace socktap::cli {
namespace {

TEST(SelfTraffic, APipeOrAFileIsNoSocket) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  const UniqueFd in(ends[0]), out(ends[1]);
  EXPECT_FALSE(self_traffic_advice(out.get()));
  const UniqueFd null(::open("/dev/null", O_WRONLY | O_CLOEXEC));
  EXPECT_FALSE(self_traffic_advice(null.get()));
}

TEST(SelfTraffic, NamesWhoReadsASocket) {
  int ends[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
  const UniqueFd one(ends[0]), other(ends[1]);
  const auto advice = self_traffic_advice(one.get());
  ASSERT_TRUE(advice);
  const std::string filter = "`if (pid() == " + std::to_string(::getpid()) + ") next`";
  EXPECT_NE(advice->find(filter), std::string::npos) << *advice;
  EXPECT_NE(advice->find("through cli_test (pid "), std::string::npos) << *advice;
}

TEST(SelfTraffic, WarnsOfASocketWhoseReaderIsNotKnown) {
  const UniqueFd far(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!far.valid()) GTEST_SKIP() << "no internet sockets here";
  const auto advice = self_traffic_advice(far.get());
  ASSERT_TRUE(advice);
  EXPECT_NE(advice->find("pid() == "), std::string::npos) << *advice;
}

}  // namespace
}  // namespace socktap::cli
