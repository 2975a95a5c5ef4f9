// Twenty seconds of more than a million small messages a second, from a thread on each CPU.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <sstream>
#include <string>
#include <string_view>

#include "accounts.h"
#include "command.h"

namespace socktap::test {
namespace {

using namespace std::chrono_literals;

constexpr long most_memory_kb = 20L * 1024;
constexpr double wanted_rate = 1e6;

// A build with sanitizers is neither as small nor as fast.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool instrumented = true;
#else
constexpr bool instrumented = false;
#endif

// No test fails because of a time; but one that did not try hard says so.
void say_rate(const Produced& produced, std::uint64_t lost_events) {
  const double rate = static_cast<double>(produced.events()) / produced.seconds;
  std::printf("[          ] %.2f M events/s, %.1f %% lost%s\n", rate / 1e6,
              100.0 * static_cast<double>(lost_events) / static_cast<double>(produced.events()),
              rate < wanted_rate ? ": this machine made fewer than 1 M events/s" : "");
  testing::Test::RecordProperty("events_per_second", static_cast<int>(rate));
}

TEST(Overload, WhatIsNotPrintedIsCounted) {
  if (const std::string why = refusal(); !why.empty()) GTEST_SKIP() << why;
  const TemporaryFile count("count");
  const std::string script =
      "probe socket.send { printf(\"S %s %d %d\\n\", execname(), pid(), size) }\n"
      "probe socket.receive { printf(\"R %s %d %d\\n\", execname(), pid(), size) }";
  Command socktap(
      socktap_run({"-s", "1", "-e", script, "-c", load_command("--threads 2 --seconds 20", count)}),
      Command::Output::to_pipe);
  std::uint64_t sends = 0;
  std::uint64_t receives = 0;
  socktap.read_to_end([&](std::string_view piece) {
    sends += static_cast<std::uint64_t>(std::ranges::count(piece, 'S'));
    receives += static_cast<std::uint64_t>(std::ranges::count(piece, 'R'));
  });
  const Outcome outcome = socktap.wait();
  ASSERT_EQ(outcome.status, 0) << outcome.errors;
  const Produced produced = read_count(count);
  ASSERT_GT(produced.sends, 1000u);
  say_rate(produced, lost(outcome.errors));
  EXPECT_EQ(sends + receives + lost(outcome.errors), produced.events()) << outcome.errors;
  EXPECT_LE(sends, produced.sends);
  EXPECT_LE(receives, produced.receives);
}

// At a rate that leaves the rings some 40 ms: a machine that is itself a guest stands still for
// longer than they hold at the highest.
TEST(Overload, ACountingScriptLosesNothingAndStaysSmall) {
  if (const std::string why = refusal(); !why.empty()) GTEST_SKIP() << why;
  const TemporaryFile count("count");
  const Outcome outcome = run(socktap_run(
      {"-e",
       "global sends, receives\n"
       "probe socket.send { sends++ }\n"
       "probe socket.receive { receives++ }\n"
       "probe end { println(sends, \" \", receives) }",
       "-c", load_command("--threads 2 --type stream --rate 330000 --seconds 20", count)}));
  ASSERT_EQ(outcome.status, 0) << outcome.errors;
  const Produced produced = read_count(count);
  ASSERT_GT(produced.sends, 1000u);
  say_rate(produced, lost(outcome.errors));
  std::uint64_t sends = 0;
  std::uint64_t receives = 0;
  std::istringstream(outcome.output) >> sends >> receives;
  EXPECT_EQ(sends + receives + lost(outcome.errors), produced.events()) << outcome.errors;
  if (instrumented) return;
  EXPECT_EQ(sends, produced.sends);
  EXPECT_EQ(receives, produced.receives);
  EXPECT_EQ(outcome.errors, "");
  std::printf("[          ] %ld KB of memory\n", outcome.peak_memory_kb);
  EXPECT_LE(outcome.peak_memory_kb, most_memory_kb);
}

}  // namespace
}  // namespace socktap::test
