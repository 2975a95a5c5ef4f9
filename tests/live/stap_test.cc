// The same binary through a link named `stap`: SystemTap's command line, as far as it needs no
// privilege.

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "command.h"
#include "held_process.h"

namespace socktap::test {
namespace {

using Words = std::vector<std::string>;

class Stap : public testing::Test {
 protected:
  Stap() : folder_("bin"), link_(folder_.path() + "/stap") {
    std::filesystem::create_symlink(SOCKTAP_BINARY, link_);
  }

  Outcome answer(Words arguments) const {
    arguments.insert(arguments.begin(), link_);
    return run(arguments);
  }

  TemporaryFolder folder_;
  std::string link_;
};

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

constexpr const char* hello = "probe begin { println(\"hello\"); exit() }";

TEST_F(Stap, RunsAndSaysNothingItself) {
  for (const Words& words : {Words{"-e", hello}, Words{"-w", "-e", hello}, Words{"-ge", hello},
                             Words{"-kbu", "-DMAXACTION=10", "-s8", "-S1,2", "-e", hello}}) {
    const Outcome outcome = answer(words);
    EXPECT_EQ(outcome.status, 0) << outcome.errors;
    EXPECT_EQ(outcome.output, "hello\n");
    EXPECT_EQ(outcome.errors, "");
  }
}

TEST_F(Stap, OptionsMayFollowTheScript) {
  const TemporaryFile file("words.stp");
  std::ofstream(file.path()) << "probe begin { println($#, @1); exit() }";
  EXPECT_EQ(answer({file.path(), "web", "-T", "5", "-w"}).output, "1web\n");
  EXPECT_EQ(answer({file.path(), "--", "-x", "-T", "-w"}).output, "3-x\n");
  EXPECT_EQ(answer({"-e", "probe begin { println($#, @1); exit() }", "web", "-T5", "-"}).output,
            "2web\n");
}

TEST_F(Stap, ReadsStandardInput) {
  const Outcome outcome =
      run({"sh", "-c", "echo 'probe begin { println(@1) exit() }' | \"$0\" - web", link_});
  EXPECT_EQ(outcome.output, "web\n") << outcome.errors;
}

TEST_F(Stap, EveryFailureIsStatusOne) {
  for (const Words& words :
       {Words{}, Words{"-Z"}, Words{"--nosuch"}, Words{"-p"}, Words{"-p9", "-e", hello},
        Words{"-T", "soon", "-e", hello}, Words{"/no/such/script.stp"},
        Words{"-D", "MAXERRORS=x", "-e", hello}, Words{"-e", "probe"},
        Words{"-e", "probe begin { println(1 / 0) }"}, Words{"-c", "false", "-e", "probe begin {}"},
        Words{"-c", "/no/such/program", "-e", "probe begin {}"},
        Words{"-o", "/no/such/folder/file", "-e", hello}, Words{"--example", "no-such.stp"}}) {
    const Outcome outcome = answer(words);
    EXPECT_EQ(outcome.status, 1) << testing::PrintToString(words);
    EXPECT_NE(outcome.errors, "") << testing::PrintToString(words);
  }
}

TEST_F(Stap, RefusesOtherMachinesAndRuntimes) {
  const Outcome remote = answer({"--remote=web", "-e", hello});
  EXPECT_EQ(remote.status, 1);
  EXPECT_TRUE(contains(remote.errors, "hint: ssh web socktap run")) << remote.errors;
  for (const char* option : {"--dyninst", "--runtime=dyninst"}) {
    const Outcome outcome = answer({option, "-e", hello});
    EXPECT_EQ(outcome.status, 1);
    EXPECT_TRUE(contains(outcome.errors, "by eBPF")) << outcome.errors;
  }
  EXPECT_EQ(answer({"--runtime=kernel", "-e", hello}).status, 0);
}

TEST_F(Stap, NamesWhatItDoesNotUseIfAsked) {
  const Outcome outcome = answer({"-k", "-vp4", "--use-server", "-r", "6.1", "-e", hello});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.errors,
            "socktap: -k: nothing is built, so nothing is kept\n"
            "socktap: --use-server: no compile server is needed\n"
            "socktap: -r: scripts run on the running kernel only\n");
}

TEST_F(Stap, StopsAfterAPass) {
  const std::string script = "global n probe socket.send { n += size } probe end { println(n) }";
  for (const auto& [pass, part] :
       std::vector<std::pair<std::string, std::string>>{{"1", "probe socket.send\n  (n += size)"},
                                                        {"2", "global n: long"},
                                                        {"3", "add_number"}}) {
    const Outcome outcome = answer({"-p" + pass, "-e", script});
    EXPECT_EQ(outcome.status, 0) << outcome.errors;
    EXPECT_TRUE(contains(outcome.output, part)) << outcome.output;
  }
  const Outcome built = answer({"-p4", "-w", "-e", script});
  EXPECT_EQ(built.status, 0) << built.errors;
  EXPECT_EQ(built.output + built.errors, "");
  EXPECT_EQ(answer({"-p1", "-e", "probe socket.sned {}"}).status, 0) << "names come later";
  EXPECT_EQ(answer({"-p2", "-e", "probe socket.sned {}"}).status, 1);
  EXPECT_EQ(answer({"-p5", "-e", hello}).output, "hello\n");
}

TEST_F(Stap, ListsNames) {
  const Outcome two = answer({"-l", "socket.*"});
  EXPECT_EQ(two.status, 0);
  EXPECT_EQ(two.errors, "");
  EXPECT_EQ(two.output,
            "socket.aio_read\nsocket.aio_write\nsocket.close\nsocket.create\nsocket.read_iter\n"
            "socket.readv\nsocket.receive\nsocket.recvmsg\nsocket.send\nsocket.sendmsg\n"
            "socket.write_iter\nsocket.writev\n");
  EXPECT_TRUE(contains(answer({"-l", "socket.**"}).output, "\nsocket.close.return\n"));
  EXPECT_EQ(answer({"-l", "end,begin"}).output, "begin\nend\n");
  EXPECT_EQ(answer({"-l", "begin", "word"}).output, "begin\n");
  EXPECT_EQ(answer({"-E", "probe web = begin {}", "-l", "web"}).output, "web\n");
  const Outcome none = answer({"-l", "socket.nothing*"});
  EXPECT_EQ(none.status, 1);
  EXPECT_EQ(none.output + none.errors, "");
  const Outcome mistake = answer({"-l", "-v"});
  EXPECT_EQ(mistake.status, 1);
  EXPECT_TRUE(mistake.errors.starts_with("parse error: ")) << mistake.errors;
}

TEST_F(Stap, ListsVariables) {
  const auto lines = lines_of(answer({"-L", "socket.{send,close}"}).output);
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_TRUE(lines[0].starts_with("socket.close name:string protocol:long family:long"));
  EXPECT_TRUE(lines[1].starts_with("socket.send name:string size:long protocol:long family:long"));
  EXPECT_EQ(answer({"-L", "timer.s(1)"}).output, "timer.s(1)\n");
  EXPECT_EQ(answer({"-L", "nothing"}).status, 1);
}

TEST_F(Stap, Dumps) {
  EXPECT_TRUE(contains(answer({"--dump-functions"}).output, "\nexit:unknown ()\n"));
  EXPECT_TRUE(contains(answer({"--dump-functions"}).output, "\nhtons:long (long)\n"));
  EXPECT_TRUE(contains(answer({"--dump-probe-types"}).output, "begin\nbegin(number)\n"));
  EXPECT_TRUE(contains(answer({"--dump-probe-aliases"}).output, "socket.send\n"));
  EXPECT_TRUE(answer({"--help"}).output.starts_with("usage: stap [OPTIONS] FILE"));
  EXPECT_TRUE(contains(answer({"-V"}).output, "(version 4.8)"));
}

TEST_F(Stap, TargetIsOnlyANumber) {
  const char* script = "probe begin { println(target()); exit() }";
  EXPECT_EQ(answer({"-x", "4194305", "-e", script}).output, "4194305\n");
  const Outcome command =
      answer({"-c", "sh -c 'echo $$ >&2'", "-e", "probe end { println(target()) }"});
  EXPECT_EQ(command.status, 0);
  EXPECT_EQ(command.output, command.errors);
}

TEST_F(Stap, TheTargetFiltersNothing) {
  if (const std::string why = refusal_of_ebpf(); !why.empty()) GTEST_SKIP() << why;
  const std::string script =
      "global of_it, of_others probe begin { println(\"ready\") }\n"
      "probe socket.send { if (pid() == $1) of_it++ else of_others++ }\n"
      "probe end { printf(\"%d %s\\n\", of_it, of_others ? \"and others\" : \"only\") }";
  const std::string load = SOCKTAP_LOAD " --count-file /dev/null --pairs ";
  HeldProcess other({"sh", "-c", "exec " + load + "70"});
  Command stap(
      {link_, "-e", script, "-c", load + "2 --interval-ms 400", "--", std::to_string(other.pid())});
  ASSERT_TRUE(stap.printed("ready", std::chrono::seconds(10)));
  other.let_go();
  other.wait();
  const Outcome outcome = stap.wait();
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.output, "ready\n70 and others\n");
  EXPECT_FALSE(contains(outcome.errors, "Tracing")) << outcome.errors;
}

TEST_F(Stap, HandlerErrorsCanBeSuppressed) {
  const char* script =
      "global n = 0 probe begin { println(1 / n) } probe begin(1) { println(\"on\"); exit() }";
  EXPECT_EQ(answer({"-e", script}).status, 1);
  const Outcome outcome = answer({"--suppress-handler-errors", "-e", script});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.output, "on\n");
  EXPECT_EQ(outcome.errors, "WARNING: Number of errors: 1, skipped probes: 0\n");
}

TEST_F(Stap, WarningsCanBeSuppressed) {
  const char* script = "probe begin { warn(\"careful\"); println(1); exit() }";
  EXPECT_EQ(answer({"-e", script}).errors, "WARNING: careful\n");
  EXPECT_EQ(answer({"-w", "-e", script}).errors, "");
  EXPECT_EQ(answer({"-w", "-e", script}).output, "1\n");
  const char* command = "probe begin { }";
  EXPECT_TRUE(contains(answer({"-c", "false", "-e", command}).errors, "Child process exited"));
  EXPECT_EQ(answer({"-w", "-c", "false", "-e", command}).errors, "");
  const char* unread = "global n = 1 probe begin { n = 2; exit() }";
  EXPECT_EQ(answer({"-e", unread}).output, "n=2\n");
  EXPECT_EQ(answer({"--no-global-var-display", "-e", unread}).output, "");
}

// As /usr/share/systemtap/examples/network/socktop calls it, with and without its -D.
TEST_F(Stap, WordsOfSocktop) {
  for (const char* line : {"stap -w -e '%s'", "stap -p4 -w -e '%s'"}) {
    std::string command = line;
    command.replace(command.find("%s"), 2, "\n" + std::string(hello) + "\n");
    const Outcome outcome = run({"sh", "-c", "PATH=\"$0:$PATH\"; " + command, folder_.path()});
    EXPECT_EQ(outcome.status, 0) << outcome.errors;
    EXPECT_EQ(outcome.output, contains(line, "-p4") ? "" : "hello\n");
  }
}

}  // namespace
}  // namespace socktap::test
