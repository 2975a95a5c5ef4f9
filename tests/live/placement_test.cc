// Conditions that are tested in the kernel: what a run prints does not depend on it.

#include <gtest/gtest.h>

#include <regex>
#include <string>

#include "command.h"

namespace socktap::test {
namespace {

Outcome placed(const std::string& where, const std::string& script, const std::string& steps) {
  return run({SOCKTAP_BINARY, "run", "-v", "--placement", where, "-e", script, "-c",
              std::string(SOCKTAP_WORKLOAD) + " --truth /dev/null --only " + steps});
}

// "9 events seen, 5 left out by conditions, 0 filtered, 0 lost": the first two.
struct Counts {
  long seen = 0;
  long left_out = 0;
};
Counts counts_of(const Outcome& outcome) {
  Counts counts;
  std::smatch match;
  const std::regex pattern(
      "(\\d+) events? seen(?:, (\\d+) left out by conditions)?, \\d+ filtered, 0 lost");
  EXPECT_TRUE(std::regex_search(outcome.errors, match, pattern)) << outcome.errors;
  counts.seen = std::stol(match.str(1));
  if (match[2].matched) counts.left_out = std::stol(match.str(2));
  return counts;
}

void expect_the_same(const std::string& script, const std::string& steps) {
  if (const std::string why = refusal_of_ebpf(); !why.empty()) GTEST_SKIP() << why;
  const Outcome in_kernel = placed("auto", script, steps);
  const Outcome in_user_space = placed("user", script, steps);
  EXPECT_EQ(in_kernel.status, 0) << in_kernel.errors;
  EXPECT_NE(in_kernel.output, "");
  EXPECT_EQ(in_kernel.output, in_user_space.output);
  const Counts kept = counts_of(in_kernel);
  const Counts all = counts_of(in_user_space);
  EXPECT_GT(kept.left_out, 0);
  EXPECT_EQ(all.left_out, 0);
  EXPECT_EQ(kept.seen + kept.left_out, all.seen);
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
