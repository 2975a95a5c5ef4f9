// Conditions that are tested in the kernel: what a run prints does not depend on it.

#include <gtest/gtest.h>

#include <string>

#include "command.h"

namespace socktap::test {
namespace {

Outcome placed(const std::string& where, const std::string& script, const std::string& steps) {
  return run({SOCKTAP_BINARY, "run", "-v", "--placement", where, "-e", script, "-c",
              std::string(SOCKTAP_WORKLOAD) + " --truth /dev/null --only " + steps});
}

// "9 events seen, 5 filtered, 0 lost"
bool has_filtered(const Outcome& outcome) {
  return outcome.errors.find(" filtered, 0 lost") != std::string::npos &&
         outcome.errors.find(" seen, 0 filtered, 0 lost") == std::string::npos;
}

void expect_the_same(const std::string& script, const std::string& steps) {
  if (const std::string why = refusal(); !why.empty()) GTEST_SKIP() << why;
  const Outcome in_kernel = placed("auto", script, steps);
  const Outcome in_user_space = placed("user", script, steps);
  EXPECT_EQ(in_kernel.status, 0) << in_kernel.errors;
  EXPECT_NE(in_kernel.output, "");
  EXPECT_EQ(in_kernel.output, in_user_space.output);
  EXPECT_TRUE(has_filtered(in_kernel)) << in_kernel.errors;
  EXPECT_FALSE(has_filtered(in_user_space)) << in_user_space.errors;
}

TEST(Placement, MessagesThatNoHandlerWantsStayInTheKernel) {
  expect_the_same(
      "probe socket.send { if (execname() != \"workload\" || size > 112 || size < 105) next; "
      "printf(\"%s %d\\n\", name, size) }",
      "tcp4/send");
}

TEST(Placement, TheTargetIsKnownThere) {
  expect_the_same(
      "probe socket.send { if (pid() != target() || size < 108) next; "
      "printf(\"%s %d\\n\", name, size) }",
      "tcp4/send");
}

TEST(Placement, BeginningsCreationsAndReleasesToo) {
  expect_the_same(
      "probe socket.sendmsg { if (size > 108) printf(\"%s %d\\n\", name, size) } "
      "probe socket.create.return { if (type == 2) println(name, family, type) } "
      "probe socket.close { if (protocol != 17) next; printf(\"%s %d\\n\", name, state) }",
      "udp4/send");
}

TEST(Placement, TransportsAreConditions) {
  expect_the_same(
      "probe udp.sendmsg, tcp.recvmsg.return { printf(\"%s %d\\n\", name, size) } "
      "probe socket.create { if (family == 99) println(1) }",
      "batch");
}

}  // namespace
}  // namespace socktap::test
