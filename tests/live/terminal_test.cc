// What a person at a terminal sees, and what Ctrl-C does.

#include "terminal.h"

#include <gtest/gtest.h>
#include <sys/utsname.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <string>

#include "command.h"
#include "held_process.h"

namespace socktap::test {
namespace {

using namespace std::chrono_literals;

std::vector<std::string> socktap(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), SOCKTAP_BINARY);
  return arguments;
}

std::string load(const std::string& arguments) {
  return std::string(SOCKTAP_LOAD) + " --count-file /dev/null " + arguments;
}

std::string kernel_release() {
  utsname kernel{};
  uname(&kernel);
  return kernel.release;
}

bool matches(const std::string& text, const std::string& pattern) {
  return std::regex_search(text, std::regex(pattern));
}

TEST(Terminal, SaysThatItIsReadyAndHowItTraces) {
  if (const std::string why = refusal(); !why.empty()) GTEST_SKIP() << why;
  Terminal terminal(socktap({"-e", "probe socket.send, socket.receive { println(\"m\") }", "-c",
                             load("--pairs 1 --interval-ms 100")}));
  EXPECT_EQ(terminal.wait(), 0);
  EXPECT_TRUE(
      matches(terminal.screen(), "\nsocktap: Tracing 2 points on " + kernel_release() +
                                     " by (raw tracepoints|function hooks|ptrace); Ctrl-C ends\n"))
      << terminal.screen();
  EXPECT_TRUE(matches(terminal.screen(), "^(socktap: by ptrace, .*\n)?socktap: here, "))
      << "what is not seen comes first";
  EXPECT_FALSE(matches(terminal.screen(), "nothing was printed")) << terminal.screen();
}

TEST(Terminal, ExplainsSilence) {
  if (const std::string why = refusal(); !why.empty()) GTEST_SKIP() << why;
  Terminal some(socktap(
      {"-e", "global n probe socket.send { n++ if (n < 0) println(n) }", "-c", load("--pairs 3")}));
  EXPECT_EQ(some.wait(), 0);
  EXPECT_TRUE(matches(some.screen(),
                      "\nsocktap: nothing was printed: 3 events seen, [0-9]+ filtered, 0 lost; the "
                      "script's handlers ran and chose to print nothing\n$"))
      << some.screen();
  Terminal none(socktap({"-e", "probe socket.send { println(size) }", "-c", "true"}));
  EXPECT_EQ(none.wait(), 0);
  EXPECT_TRUE(matches(none.screen(),
                      "\nsocktap: nothing was printed: 0 events seen, [0-9]+ filtered, 0 lost; the "
                      "traced process made no such socket operation while the run lasted\n$"))
      << none.screen();
}

TEST(Terminal, QuietSilencesBoth) {
  if (const std::string why = refusal(); !why.empty()) GTEST_SKIP() << why;
  Terminal terminal(socktap({"-q", "-e", "probe socket.send { println(size) }", "-c", "true"}));
  EXPECT_EQ(terminal.wait(), 0);
  EXPECT_EQ(terminal.screen(), "");
}

TEST(Terminal, AsStapItSaysNothingOfTheRun) {
  if (const std::string why = refusal_of_ebpf(); !why.empty()) GTEST_SKIP() << why;
  const TemporaryFolder folder("bin");
  const std::string stap = folder.path() + "/stap";
  std::filesystem::create_symlink(SOCKTAP_BINARY, stap);
  Terminal silent({stap, "-e", "probe socket.send { if (size < 0) println(size) }", "-c", "true"});
  EXPECT_EQ(silent.wait(), 0);
  EXPECT_EQ(silent.screen(), "");
  Terminal failing({stap, "--no-such-option"});
  EXPECT_EQ(failing.wait(), 1);
  HeldProcess other({"sh", "-c", "exec " + load("--pairs 5")});
  const std::string script =
      "global n probe begin { println(\"ready\") }\n"
      "probe socket.send { if (pid() == $1) n++ } probe end { println(n) }";
  Terminal everybody(
      {stap, "-e", script, "-c", load("--pairs 2 --interval-ms 400"), std::to_string(other.pid())});
  ASSERT_TRUE(everybody.shows("ready\n")) << everybody.screen();
  other.let_go();
  EXPECT_EQ(everybody.wait(), 0);
  EXPECT_EQ(everybody.screen(), "ready\n5\n");
}

TEST(Terminal, CtrlCEndsTheRunAndItsCommandInOrder) {
  if (const std::string why = refusal(); !why.empty()) GTEST_SKIP() << why;
  Terminal terminal(socktap({"-e",
                             "global n probe socket.send { if (++n == 1) println(\"first\") }\n"
                             "probe end { println(n > 0 ? \"some\" : \"none\") }",
                             "-c", load("--seconds 60 --interval-ms 1")}));
  ASSERT_TRUE(terminal.shows("first\n")) << terminal.screen();
  terminal.press_ctrl_c();
  EXPECT_EQ(terminal.wait(), 0) << terminal.screen();
  EXPECT_TRUE(matches(terminal.screen(), "some\n$")) << terminal.screen();
}

TEST(Terminal, ASecondCtrlCEndsItAtOnce) {
  if (const std::string why = refusal(); !why.empty()) GTEST_SKIP() << why;
  Terminal terminal(socktap({"-DMAXACTION=9000000000000", "-e",
                             "probe begin { println(\"begun\") }\n"
                             "probe end { warn(\"ending\"); for (i = 0; i < 1000000000000; i++) {} "
                             "println(\"ended\") }"}));
  ASSERT_TRUE(terminal.shows("begun\n")) << terminal.screen();
  terminal.press_ctrl_c();
  ASSERT_TRUE(terminal.shows("WARNING: ending\n")) << terminal.screen();
  terminal.press_ctrl_c();
  EXPECT_EQ(terminal.wait(), 130) << terminal.screen();
  EXPECT_FALSE(matches(terminal.screen(), "ended")) << terminal.screen();
}

TEST(Terminal, SaysThatWithoutPointsNothingIsTraced) {
  Terminal terminal(socktap({"-e", "probe timer.ms(50) { println(\"tick\"); exit() }"}));
  EXPECT_EQ(terminal.wait(), 0);
  EXPECT_EQ(terminal.screen(),
            "socktap: Tracing nothing: the script names no socket.*; Ctrl-C ends\ntick\n");
}

// A script is known by its own name, not by its interpreter's.
TEST(Terminal, NamesTheSshdThatServesIt) {
  if (const std::string why = refusal_of_ebpf(); !why.empty()) GTEST_SKIP() << why;
  const TemporaryFolder folder("session");
  const std::string sshd = folder.path() + "/sshd";
  std::ofstream(sshd) << "#!/bin/sh\necho sshd is $$\n\"$@\"\nexit $?\n";
  std::filesystem::permissions(sshd, std::filesystem::perms::owner_all);
  const auto under_sshd = [&](std::vector<std::string> words) {
    words.insert(words.begin(), sshd);
    return words;
  };
  Terminal everything(under_sshd(socktap({"-e", "probe socket.send {} probe begin { exit() }"})));
  EXPECT_EQ(everything.wait(), 0);
  std::smatch pid;
  ASSERT_TRUE(std::regex_search(everything.screen(), pid, std::regex("^sshd is ([0-9]+)\n")));
  EXPECT_NE(
      everything.screen().find("\nWARNING: the output travels through sshd (pid " + pid[1].str() +
                               "), whose messages are traced too; exclude them with `if "
                               "(pid() == " +
                               pid[1].str() + ") next`\n"),
      std::string::npos)
      << everything.screen();
  for (const auto& arguments : std::vector<std::vector<std::string>>{
           {"-e", "probe socket.send {} probe begin { exit() }", "-c", "true"},
           {"-e", "probe socket.send {} probe begin { exit() }", "-o", "/dev/null"},
           {"-q", "-e", "probe socket.send {} probe begin { exit() }"}}) {
    Terminal without(under_sshd(socktap(arguments)));
    EXPECT_EQ(without.wait(), 0);
    EXPECT_EQ(without.screen().find("travels"), std::string::npos) << without.screen();
  }
}

}  // namespace
}  // namespace socktap::test
