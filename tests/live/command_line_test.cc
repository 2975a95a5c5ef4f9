// What the command line takes and answers, as far as it needs no privilege: scripts here only
// begin.

#include <fmt/core.h>
#include <gtest/gtest.h>
#include <sys/utsname.h>

#include <algorithm>
#include <fstream>
#include <regex>
#include <string>
#include <vector>

#include "command.h"

namespace socktap::test {
namespace {

using Words = std::vector<std::string>;

Words socktap(Words arguments) {
  arguments.insert(arguments.begin(), SOCKTAP_BINARY);
  return arguments;
}

Outcome answer(const Words& arguments) { return run(socktap(arguments)); }

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

constexpr const char* hello = "probe begin { println(\"hello\"); exit() }";

TEST(CommandLine, WithoutArgumentsItIsAFewLinesOfHelp) {
  const Outcome outcome = answer({});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_EQ(outcome.output, "");
  const auto lines = lines_of(outcome.errors);
  EXPECT_EQ(lines.size(), 13u) << outcome.errors;
  const auto examples = std::count_if(lines.begin(), lines.end(), [](const std::string& line) {
    return line.starts_with("  socktap ");
  });
  EXPECT_EQ(examples, 3);
}

TEST(CommandLine, HelpGoesToStandardOutput) {
  const Outcome outcome = answer({"--help"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.output, answer({}).errors);
  for (const char* command :
       {"run", "trace", "top", "summary", "record", "list", "explain", "doctor"}) {
    const Outcome help = answer({command, "--help"});
    EXPECT_EQ(help.status, 0) << command;
    EXPECT_TRUE(contains(help.output, std::string("socktap ") + command + " [OPTIONS]")) << command;
    EXPECT_TRUE(contains(help.output, "Example")) << command;
    EXPECT_TRUE(contains(help.output, std::string("\n  socktap ") + command)) << command;
    EXPECT_EQ(help.errors, "") << command;
  }
}

TEST(CommandLine, VersionsOfAllThatMatters) {
  utsname kernel{};
  uname(&kernel);
  const Outcome outcome = answer({"-V"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_TRUE(std::regex_match(outcome.output,
                               std::regex("socktap [0-9.]+, libbpf [0-9.]+, kernel (.*)\n")))
      << outcome.output;
  EXPECT_TRUE(contains(outcome.output, kernel.release)) << outcome.output;
}

TEST(CommandLine, ASlipIsNamed) {
  for (const auto& [word, meant] :
       std::vector<std::pair<std::string, std::string>>{{"rnu", "run"}, {"docter", "doctor"}}) {
    const Outcome outcome = answer({word});
    EXPECT_EQ(outcome.status, 2);
    EXPECT_EQ(outcome.errors, fmt::format("ERROR: {} is neither a command nor a file\n"
                                          "hint: did you mean `socktap {}`?\n",
                                          word, meant));
  }
  EXPECT_TRUE(contains(answer({"frobnicate"}).errors, "a script's text goes after -e"));
}

TEST(CommandLine, AScriptIsTextOrAFileOrStandardInput) {
  EXPECT_EQ(answer({"-e", hello}).output, "hello\n");
  EXPECT_EQ(answer({"run", "-e", hello}).output, "hello\n");
  const TemporaryFile file("hello.stp");
  std::ofstream(file.path()) << hello;
  EXPECT_EQ(answer({file.path()}).output, "hello\n");
  EXPECT_EQ(answer({"run", file.path()}).output, "hello\n");
  for (const char* command : {"", "run"}) {
    const Outcome piped =
        run({"sh", "-c", "echo '" + std::string(hello) + "' | \"$0\" " + command + " -",
             SOCKTAP_BINARY});
    EXPECT_EQ(piped.output, "hello\n") << piped.errors;
  }
}

TEST(CommandLine, AFileThatCannotBeReadIsAUsageError) {
  for (const auto& [path, reason] : {std::pair{"/no/such/script.stp", "No such file or directory"},
                                     std::pair{"/etc", "Is a directory"}}) {
    const Outcome outcome = answer({"run", path});
    EXPECT_EQ(outcome.status, 2);
    EXPECT_TRUE(
        contains(outcome.errors, "cannot read the script " + std::string(path) + ": " + reason))
        << outcome.errors;
  }
}

TEST(CommandLine, ArgumentsOfTheScript) {
  const Outcome outcome =
      answer({"-e", "probe begin { println($#, \" \", $1 + 1, \" \", @2); exit() }", "41", "web"});
  EXPECT_EQ(outcome.output, "2 42 web\n") << outcome.errors;
  const Outcome missing = answer({"-e", "probe begin { println($1); exit() }"});
  EXPECT_EQ(missing.status, 1);
}

TEST(CommandLine, GlobalsAndLimits) {
  const std::string sums =
      "global n = 1, name = \"a\" probe begin { println(n + 1, name); exit() }";
  EXPECT_EQ(answer({"-e", sums}).output, "2a\n");
  EXPECT_EQ(answer({"-G", "n=41", "-Gname=bc", "-e", sums}).output, "42bc\n");
  EXPECT_EQ(answer({"-G", "n", "-e", sums}).status, 2);
  const std::string text = "probe begin { s = \"0123456789\" println(s); exit() }";
  EXPECT_EQ(answer({"-DMAXSTRINGLEN=5", "-e", text}).output, "0123\n");
  const Outcome wrong = answer({"-D", "MAXSTRINGLEN=all", "-e", text});
  EXPECT_EQ(wrong.status, 2);
  EXPECT_TRUE(contains(wrong.errors, "MAXSTRINGLEN takes 2 to ")) << wrong.errors;
}

TEST(CommandLine, OutputToAFile) {
  const TemporaryFile file("output");
  const Outcome outcome = answer({"-o", file.path(), "-e", hello});
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  EXPECT_EQ(outcome.output, "");
  std::ifstream in(file.path());
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}), "hello\n");
  const Outcome refused = answer({"-o", "/no/such/folder/output", "-e", hello});
  EXPECT_EQ(refused.status, 2);
  EXPECT_TRUE(contains(refused.errors, "cannot write /no/such/folder/output: No such file"));
}

TEST(CommandLine, AFullDiskIsAnError) {
  const Outcome outcome = answer({"-o", "/dev/full", "-e", hello});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors, "ERROR: cannot write the output: No space left on device\n");
}

TEST(CommandLine, OptionsOfStapThatDoNotConflict) {
  EXPECT_EQ(
      answer({"run", "-wkb", "-S", "5,2", "--vp", "00000", "--color=never", "-e", hello}).output,
      "hello\n");
  const Outcome noted = answer({"-v", "-k", "-m", "probes", "-p4", "-e", hello});
  EXPECT_EQ(noted.status, 0);
  EXPECT_EQ(noted.output, "");
  EXPECT_EQ(noted.errors,
            "socktap: -k: nothing is built, so nothing is kept\n"
            "socktap: -m: no kernel module is built\n");
  const Outcome remote = answer({"run", "--remote", "web", "-e", hello});
  EXPECT_EQ(remote.status, 2);
  EXPECT_TRUE(contains(remote.errors, "hint: ssh web socktap run")) << remote.errors;
}

TEST(CommandLine, Lists) {
  const Outcome names = answer({"list", "-l", "socket.re*"});
  EXPECT_EQ(names.status, 0);
  EXPECT_EQ(names.output, "socket.read_iter\nsocket.readv\nsocket.receive\nsocket.recvmsg\n");
  EXPECT_EQ(answer({"-l", "socket.re*"}).output, names.output);
  EXPECT_TRUE(answer({"-L", "socket.receive"}).output.starts_with("socket.receive name:string"));
  const Outcome none = answer({"list", "-l", "socket.nothing*"});
  EXPECT_EQ(none.status, 1);
  EXPECT_EQ(none.output + none.errors, "");
  EXPECT_TRUE(contains(answer({"list", "--functions"}).output, "sock_fam_num2str:string (long)"));
}

TEST(CommandLine, ExplainShowsEveryPhase) {
  const std::string script = "global n probe socket.send { if (size > 4095) n += size }";
  for (const auto& [phase, part] :
       std::vector<std::pair<std::string, std::string>>{{"tokens", "global"},
                                                        {"ast", "socket.send"},
                                                        {"types", "long"},
                                                        {"plan", "only if (event.size > 4095)"},
                                                        {"code", "add_number"},
                                                        {"bpf", "if r2 s<= 4095 goto"}}) {
    const Outcome outcome = answer({"explain", "--dump=" + phase, "-e", script});
    EXPECT_EQ(outcome.status, 0) << phase << outcome.errors;
    EXPECT_TRUE(contains(outcome.output, part)) << phase << "\n" << outcome.output;
  }
  EXPECT_EQ(answer({"explain", "--dump=dreams", "-e", script}).status, 2);
  EXPECT_EQ(answer({"explain", "-e", "probe"}).status, 1);
}

TEST(CommandLine, AMistakeInTheScriptIsShownWhereItIs) {
  const Outcome outcome = answer({"-e", "probe socket.sned { }"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_TRUE(contains(outcome.errors, "semantic error: ")) << outcome.errors;
  EXPECT_TRUE(contains(outcome.errors, "<input>:1:7")) << outcome.errors;
  EXPECT_TRUE(contains(outcome.errors, "probe socket.sned { }\n")) << outcome.errors;
  EXPECT_TRUE(contains(outcome.errors, "^~~~")) << outcome.errors;
  EXPECT_TRUE(contains(outcome.errors, "socket.send")) << outcome.errors;
}

}  // namespace
}  // namespace socktap::test
