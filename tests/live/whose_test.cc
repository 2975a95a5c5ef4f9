// Whose events a run sees: a command's, a process's and its descendants', everybody's, its own.

#include <gtest/gtest.h>
#include <linux/sched.h>
#include <pwd.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "accounts.h"
#include "command.h"
#include "held_process.h"

namespace socktap::test {
namespace {

using namespace std::chrono_literals;

std::vector<std::string> words_of_load(const std::string& arguments) {
  return {"sh", "-c", "exec " SOCKTAP_LOAD " --count-file /dev/null " + arguments};
}

std::string load(const std::string& arguments) {
  return SOCKTAP_LOAD " --count-file /dev/null " + arguments;
}

// Counts the messages of one process among all that are seen.
const std::string& counting_script() {
  static const std::string script =
      "global of_it, of_others\n"
      "probe begin { println(\"ready\") }\n"
      "probe socket.send { if (pid() == $1) of_it++ else of_others++ }\n"
      "probe end { printf(\"%d %s\\n\", of_it, of_others ? \"and others\" : \"only\") }";
  return script;
}

TEST(Whose, OfAProcessThatRunsAlready) {
  if (const std::string why = refusal(); !why.empty()) GTEST_SKIP() << why;
  HeldProcess process(words_of_load("--pairs 40"));
  HeldProcess other(words_of_load("--pairs 70"));
  const std::string pid = std::to_string(process.pid());
  Command socktap(
      socktap_run({"-x", pid, "-e",
                   counting_script() + "probe end { println(target() == $1 ? \"target\" : \"\") }",
                   "--", pid}));
  ASSERT_TRUE(socktap.printed("ready", 10s));
  other.let_go();
  process.let_go();
  other.wait();
  process.wait();
  socktap.signal(SIGINT);
  const Outcome outcome = socktap.wait();
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  EXPECT_EQ(outcome.output, "ready\n40 only\ntarget\n");
}

TEST(Whose, OfItsDescendantsToo) {
  if (const std::string why = refusal(); !why.empty()) GTEST_SKIP() << why;
  HeldProcess process({"sh", "-c",
                       SOCKTAP_LOAD " --pairs 11 --count-file /dev/null; "
                                    "(" SOCKTAP_LOAD
                                    " --pairs 22 --count-file /dev/null); exit 0"});
  Command socktap(socktap_run({"-x", std::to_string(process.pid()), "-e",
                               "global n probe begin { println(\"ready\") }\n"
                               "probe socket.send { n++ } probe end { println(n) }"}));
  ASSERT_TRUE(socktap.printed("ready", 10s));
  process.let_go();
  process.wait();
  socktap.signal(SIGINT);
  EXPECT_EQ(socktap.wait().output, "ready\n33\n");
}

TEST(Whose, OfEverybodyIfAsked) {
  if (const std::string why = refusal_of_ebpf(); !why.empty()) GTEST_SKIP() << why;
  for (const bool all : {true, false}) {
    HeldProcess again(words_of_load("--pairs 70"));
    std::vector<std::string> arguments{"-e", counting_script(),
                                       "-c", load("--pairs 2 --interval-ms 400"),
                                       "--", std::to_string(again.pid())};
    if (all) arguments.insert(arguments.begin(), "--all");
    Command socktap(socktap_run(arguments));
    ASSERT_TRUE(socktap.printed("ready", 10s));
    again.let_go();
    again.wait();
    EXPECT_EQ(socktap.wait().output, all ? "ready\n70 and others\n" : "ready\n0 and others\n");
  }
}

// A child of this process that is to have the number `pid`; -1 and errno if it cannot have it.
pid_t fork_as(pid_t pid) {
  clone_args arguments = {};
  arguments.exit_signal = SIGCHLD;
  arguments.set_tid = reinterpret_cast<std::uintptr_t>(&pid);
  arguments.set_tid_size = 1;
  return static_cast<pid_t>(syscall(SYS_clone3, &arguments, sizeof(arguments)));
}

// The number of a traced process that ended is given to a process of somebody else's.
TEST(Whose, NotOfAStrangerWithAUsedNumber) {
  if (const std::string why = refusal(); !why.empty()) GTEST_SKIP() << why;
  const TemporaryFile number("number");
  Command socktap(
      socktap_run({"-e", "global n probe socket.send { n++ } probe end { println(n) }", "-c",
                   "sh -c 'sh -c \"" + load("--pairs 3") + "\" & echo $! > " + number.path() +
                       "; wait; echo waited; sleep 60'"}));
  ASSERT_TRUE(socktap.printed("waited", 10s));
  pid_t used = 0;
  ASSERT_TRUE(std::ifstream(number.path()) >> used);
  const pid_t stranger = fork_as(used);
  if (stranger == 0) {
    execl(SOCKTAP_LOAD, "load", "--pairs", "5", "--count-file", "/dev/null", nullptr);
    _exit(127);
  }
  if (stranger < 0 && (errno == EPERM || errno == ENOSYS))
    GTEST_SKIP() << "needs clone3 with a chosen number, as checkpoint and restore do";
  ASSERT_EQ(stranger, used) << std::strerror(errno);
  int status = -1;
  ASSERT_EQ(waitpid(stranger, &status, 0), stranger);
  EXPECT_EQ(status, 0);
  socktap.signal(SIGINT);
  EXPECT_EQ(socktap.wait().output, "waited\n3\n");
}

// What it prints goes through a socket: that is a message of its own.
TEST(Whose, ItsOwnIfAsked) {
  if (const std::string why = refusal_of_ebpf(); !why.empty()) GTEST_SKIP() << why;
  const std::string script =
      "global n, ticks\n"
      "probe socket.send { if (pid() == stp_pid()) n++ }\n"
      "probe timer.ms(100) { println(\"tick\"); if (++ticks == 5) exit() }\n"
      "probe end { println(n ? \"seen\" : \"not seen\") }";
  for (const bool self : {true, false}) {
    std::vector<std::string> arguments{"-e", script};
    if (self) arguments.insert(arguments.begin(), "--self");
    Command socktap(socktap_run(arguments), Command::Output::to_socket);
    std::string all;
    socktap.read_to_end([&](std::string_view piece) { all += piece; });
    EXPECT_EQ(socktap.wait().status, 0);
    EXPECT_TRUE(all.ends_with(self ? "\nseen\n" : "\nnot seen\n")) << all;
  }
}

TEST(Whose, TheCommandOfAnotherUser) {
  if (const std::string why = refusal(); !why.empty()) GTEST_SKIP() << why;
  const passwd* nobody = getpwnam("nobody");
  if (geteuid() != 0 || nobody == nullptr) GTEST_SKIP() << "needs root, and a user nobody";
  const std::string uid = std::to_string(nobody->pw_uid);
  const TemporaryFolder folder("bin");
  namespace fs = std::filesystem;
  fs::permissions(folder.path(), fs::perms(0755));
  fs::copy_file(SOCKTAP_LOAD, folder.path() + "/load");
  fs::permissions(folder.path() + "/load", fs::perms(0755));
  const std::string script =
      "probe socket.send { printf(\"uid %d euid %d gid %d %s\\n\", uid(), euid(), gid(), "
      "execname()) }";
  const Outcome outcome =
      run(socktap_run({"--user", "nobody", "-e", script, "-c",
                       folder.path() + "/load --pairs 1 --count-file /dev/null"}));
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  EXPECT_EQ(outcome.output,
            "uid " + uid + " euid " + uid + " gid " + std::to_string(nobody->pw_gid) + " load\n");
}

TEST(Whose, TracePrintsALineForEachEventOfTheCommand) {
  if (const std::string why = refusal(); !why.empty()) GTEST_SKIP() << why;
  const Outcome outcome = run(
      {SOCKTAP_BINARY, "trace", "--", SOCKTAP_LOAD, "--pairs", "2", "--count-file", "/dev/null"});
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  std::string events;
  for (const std::string& line : lines_of(outcome.output)) {
    std::istringstream words(line);
    std::string time, name, pid, event;
    words >> time >> name >> pid >> event;
    if (name == "load") events += event + "\n";
  }
  EXPECT_EQ(events, "create\ncreate\nsendmsg\nrecvmsg\nsendmsg\nrecvmsg\nclose\nclose\n")
      << outcome.output;
}

}  // namespace
}  // namespace socktap::test
