// What the kernel keeps of globals: everything that was made is counted once, however often the
// script looks.

#include <gtest/gtest.h>

#include <ctime>
#include <fstream>
#include <regex>
#include <sstream>
#include <string>

#include "accounts.h"
#include "command.h"

namespace socktap::test {
namespace {

Outcome run_with_load(const std::string& script, const std::string& load,
                      const std::string& placement = "auto") {
  return run({SOCKTAP_BINARY, "run", "-v", "--placement", placement, "-e", script, "-c", load});
}

// "9 events seen, 8 of them handled in the kernel alone, ...": the second.
long kept(const Outcome& outcome) {
  std::smatch match;
  const std::regex pattern("(\\d+) of them handled in the kernel alone");
  return std::regex_search(outcome.errors, match, pattern) ? std::stol(match.str(1)) : 0;
}

TEST(Keeping, AScriptThatOnlyCountsHasNoEventSent) {
  if (const std::string why = refusal_of_ebpf(); !why.empty()) GTEST_SKIP() << why;
  const TemporaryFile count("count");
  const Outcome outcome = run_with_load(
      "global n, by, s; probe socket.send { n++; by[execname(), name] += size } "
      "probe socket.receive { s[pid() == target(), family] <<< size; by[execname(), name] += size "
      "} "
      "probe end { println(n); foreach ([e, p] in by) println(e, \" \", p, \" \", by[e, p]); "
      "foreach ([t, f] in s) println(t, f, \" \", @count(s[t, f]), \" \", @min(s[t, f])) }",
      load_command("--pairs 5000", count));
  EXPECT_EQ(outcome.output, "5000\nload socket.send 5000\nload socket.receive 5000\n11 5000 1\n")
      << outcome.errors;
  EXPECT_EQ(kept(outcome), 10000) << outcome.errors;
}

// Two threads go on while the script looks ten times a second and takes what there is.
TEST(Keeping, NothingIsLostWhileTheScriptLooks) {
  if (const std::string why = refusal_of_ebpf(); !why.empty()) GTEST_SKIP() << why;
  const TemporaryFile count("count");
  const Outcome outcome = run_with_load(
      "global n, by, sums, total, looks; "
      "probe socket.send { n++; by[tid(), size] <<< size } "
      "probe socket.receive { n++; by[tid(), size] <<< size } "
      "probe timer.ms(100) { looks++; total += n; n = 0; "
      "foreach ([t, z] in by) sums += @count(by[t, z]); delete by } "
      "probe end { foreach ([t, z] in by) sums += @count(by[t, z]); "
      "println(looks > 5, \" \", total + n, \" \", sums) }",
      load_command("--threads 2 --seconds 2", count));
  ASSERT_EQ(outcome.status, 0) << outcome.errors;
  const Produced produced = read_count(count);
  std::ostringstream expected;
  expected << "1 " << produced.events() << ' ' << produced.events() << '\n';
  EXPECT_EQ(outcome.output, expected.str()) << outcome.errors;
  EXPECT_GT(kept(outcome), 1000);
}

// The start of a call is kept for its thread, and found again where it ends.
TEST(Keeping, EachThreadHasElementsOfItsOwn) {
  if (const std::string why = refusal_of_ebpf(); !why.empty()) GTEST_SKIP() << why;
  const TemporaryFile count("count");
  const std::string script =
      "global t, took, unmatched; probe socket.sendmsg { t[tid()] = gettimeofday_ns() } "
      "probe socket.sendmsg.return { if (tid() in t) { took[execname()] <<< gettimeofday_ns() - "
      "t[tid()]; delete t[tid()] } else unmatched++ } "
      "probe end { foreach (e in took) println(e, \" \", @count(took[e]), \" \", "
      "@min(took[e]) > 100, @max(took[e]) < 5000000000, \" \", unmatched) }";
  for (const char* placement : {"auto", "user"}) {
    const Outcome outcome =
        run_with_load(script, load_command("--threads 2 --pairs 2000", count), placement);
    const auto sends = static_cast<long>(read_count(count).sends);
    EXPECT_EQ(outcome.output, "load " + std::to_string(sends) + " 11 0\n") << outcome.errors;
    EXPECT_EQ(kept(outcome), placement == std::string("auto") ? 2 * sends : 0) << outcome.errors;
  }
}

TEST(Keeping, AFullArrayOfThreadsIsTheSameError) {
  if (const std::string why = refusal_of_ebpf(); !why.empty()) GTEST_SKIP() << why;
  const TemporaryFile count("count");
  for (const char* placement : {"auto", "user"}) {
    const Outcome outcome = run_with_load(
        "global t[2], n; probe socket.send { t[tid(), 1]++; t[tid(), 2]++ } "
        "probe socket.receive { n += t[tid(), 2] } "
        "probe end { println(\"not reached\") }",
        load_command("--threads 2 --pairs 100", count), placement);
    EXPECT_NE(outcome.status, 0);
    EXPECT_EQ(outcome.output, "");
    const std::string told = "Array overflow, check size limit (2) near identifier 't' at";
    const std::size_t first = outcome.errors.find(told);
    EXPECT_NE(first, std::string::npos) << outcome.errors;
    EXPECT_EQ(outcome.errors.find(told, first + 1), std::string::npos) << outcome.errors;
  }
}

// An event that began before the script was ready is no half of anything.
TEST(Keeping, WhatBeganBeforeTheScriptIsNotMatched) {
  if (const std::string why = refusal_of_ebpf(); !why.empty()) GTEST_SKIP() << why;
  const TemporaryFile count("count");
  const Outcome outcome = run_with_load(
      "global t, now, unmatched; probe begin { for (i = 0; i < 300000; i++) x += i } "
      "probe socket.sendmsg { t[tid()] = 1; now = gettimeofday_s() } "
      "probe socket.sendmsg.return { if (!(tid() in t)) unmatched++; delete t[tid()] } "
      "probe end { println(now, \" \", unmatched) }",
      load_command("--pairs 100", count));
  const std::time_t now = std::time(nullptr);
  std::istringstream numbers(outcome.output);
  std::int64_t told = 0, unmatched = -1;
  numbers >> told >> unmatched;
  EXPECT_NEAR(static_cast<double>(told), static_cast<double>(now), 30) << outcome.errors;
  EXPECT_EQ(unmatched, 0);
  EXPECT_EQ(kept(outcome), 200) << outcome.errors;
}

TEST(Keeping, AFullArrayIsTheErrorThatItWouldHaveBeen) {
  if (const std::string why = refusal_of_ebpf(); !why.empty()) GTEST_SKIP() << why;
  const TemporaryFile count("count");
  const std::string script =
      "global n[2]; probe socket.send, socket.receive { n[tid(), name]++ } "
      "probe end { println(\"not reached\") }";
  const std::string load = load_command("--threads 2 --pairs 100", count);
  for (const char* placement : {"auto", "user"}) {
    const Outcome outcome = run_with_load(script, load, placement);
    EXPECT_NE(outcome.status, 0);
    EXPECT_EQ(outcome.output, "");
    EXPECT_NE(outcome.errors.find("Array overflow, check size limit (2) near identifier 'n' at"),
              std::string::npos)
        << outcome.errors;
  }
}

TEST(Keeping, ALimitOfEntriesIsTheKernelsToo) {
  if (const std::string why = refusal_of_ebpf(); !why.empty()) GTEST_SKIP() << why;
  const TemporaryFile count("count");
  const std::string script =
      "global n; probe socket.send, socket.receive { n[name]++ } probe end { "
      "println(n[\"socket.send\"]) }";
  const std::string load = load_command("--pairs 100", count);
  const Outcome enough =
      run({SOCKTAP_BINARY, "run", "-v", "-D", "MAXMAPENTRIES=2", "-e", script, "-c", load});
  EXPECT_EQ(enough.output, "100\n") << enough.errors;
  EXPECT_EQ(kept(enough), 200) << enough.errors;
  const Outcome small =
      run({SOCKTAP_BINARY, "run", "-v", "-D", "MAXMAPENTRIES=1", "-e", script, "-c", load});
  EXPECT_NE(small.errors.find("Array overflow, check MAXMAPENTRIES near identifier 'n' at"),
            std::string::npos)
      << small.errors;
  const Outcome short_texts =
      run({SOCKTAP_BINARY, "run", "-v", "-D", "MAXSTRINGLEN=9", "-e",
           "global n; probe socket.send { n[name]++ } probe end { println(n[\"socket.s\"]) }", "-c",
           load});
  EXPECT_EQ(short_texts.output, "100\n") << short_texts.errors;
  EXPECT_EQ(kept(short_texts), 0) << short_texts.errors;
}

TEST(Keeping, AFullArrayIsToldBeforeTheCommandEnds) {
  if (const std::string why = refusal_of_ebpf(); !why.empty()) GTEST_SKIP() << why;
  const TemporaryFile count("count");  // the command writes it in the end
  const Outcome outcome = run_with_load(
      "global n[1]; probe socket.send, socket.receive { n[name]++ } probe end { println(1) }",
      load_command("--seconds 30 --interval-ms 10", count));
  EXPECT_NE(outcome.errors.find("Array overflow"), std::string::npos) << outcome.errors;
  EXPECT_FALSE(std::ifstream(count.path()).good());
}

TEST(Keeping, HandlersOfTheMachineSeeTheSameEvents) {
  if (const std::string why = refusal_of_ebpf(); !why.empty()) GTEST_SKIP() << why;
  const TemporaryFile count("count");
  const Outcome outcome = run_with_load(
      "global kept, sent; probe socket.send { kept++ } "
      "probe socket.send { sent++; if (sent < 3) println(name) } "
      "probe end { println(kept, \" \", sent) }",
      load_command("--pairs 3000", count));
  EXPECT_EQ(outcome.output, "socket.send\nsocket.send\n3000 3000\n") << outcome.errors;
}

}  // namespace
}  // namespace socktap::test
