// What a user without any privilege gets: ptrace is taken by itself, and says so.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "command.h"
#include "conformance.h"

namespace socktap::test {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

constexpr uid_t nobody = 65534;
constexpr const char* socktop = "/usr/share/systemtap/examples/network/socktop";

// Ours, or if we are root that of nobody, without capabilities and without a way to any.
Words as_ordinary_user(const Words& command) {
  if (::geteuid() != 0) return command;
  Words words{"setpriv",        "--reuid=nobody", "--regid=nogroup",
              "--clear-groups", "--no-new-privs", "--bounding-set=-all"};
  words.insert(words.end(), command.begin(), command.end());
  return words;
}

class OrdinaryUser : public testing::Test {
 protected:
  void SetUp() override {
    leave_out_leak_search();
    fs::permissions(folder_.path(), fs::perms::all);
    const Outcome outcome = traced({"-e", "probe socket.send { }", "-c", "true"});
    if (outcome.status == 3) GTEST_SKIP() << outcome.errors;
    ASSERT_EQ(outcome.status, 0) << outcome.errors;
  }

  // Where that user may read it.
  std::string copy_of(const std::string& program) const {
    std::string to = folder_.path() + "/" + fs::path(program).filename().string();
    fs::copy_file(program, to, fs::copy_options::skip_existing);
    return to;
  }

  Outcome traced(Words arguments) const {
    arguments.insert(arguments.begin(), {copy_of(SOCKTAP_BINARY), "run"});
    return run(as_ordinary_user(arguments));
  }

  TemporaryFolder folder_{"ordinary"};
};

TEST_F(OrdinaryUser, TracesACommand) {
  const Outcome outcome =
      traced({"-e",
              "probe socket.send { printf(\"%s %s %d %s/%s %d\\n\", execname(), name, size, "
              "sock_fam_num2str(family), sock_prot_num2str(protocol), uid()) }",
              "-c", copy_of(SOCKTAP_WORKLOAD) + " --truth /dev/null --only tcp4/send/send"});
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  const uid_t user = ::geteuid() == 0 ? nobody : ::geteuid();
  EXPECT_EQ(outcome.output, "workload socket.send 101 INET/TCP " + std::to_string(user) + "\n")
      << outcome.errors;
  EXPECT_NE(outcome.errors.find("by ptrace, as eBPF is refused: "), std::string::npos)
      << outcome.errors;
  EXPECT_NE(outcome.errors.find("CAP_BPF"), std::string::npos) << outcome.errors;
}

TEST_F(OrdinaryUser, IsToldThatAllProcessesTakeMore) {
  const Outcome outcome = traced({"-e", "probe socket.send { }"});
  EXPECT_EQ(outcome.status, 3);
  EXPECT_NE(outcome.errors.find("CAP_BPF"), std::string::npos) << outcome.errors;
}

// By stap's rc file, in which the command stands.
TEST_F(OrdinaryUser, RunsSocktopOnACommand) {
  if (::access(socktop, R_OK) != 0) GTEST_SKIP() << "needs systemtap-doc, which has socktop";
  const std::string bin = folder_.path() + "/bin";
  fs::create_directory(bin);
  fs::create_symlink(copy_of(SOCKTAP_BINARY), bin + "/stap");
  const std::string load = copy_of(SOCKTAP_LOAD);
  std::ofstream(folder_.path() + "/rc")
      << "-c \"sh -c '" << load
      << " --count-file /dev/null --pairs 50 --type dgram; sleep 2.6'\"\n";
  const Outcome outcome = run(as_ordinary_user({"env", "PATH=" + bin + ":" + std::getenv("PATH"),
                                                "SYSTEMTAP_DIR=" + folder_.path(), "bash", socktop,
                                                "-i", "1", "-c", "2", "-n", "load"}));
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  EXPECT_NE(outcome.errors.find("only the target is traced, by ptrace, as eBPF is refused: "),
            std::string::npos)
      << outcome.errors;
  long sends = 0;
  for (const std::string& line : lines_of(outcome.output)) {
    std::istringstream words(line);
    long pid = 0, uid = 0, sent = 0, received = 0;
    if (words >> pid >> uid >> sent >> received && line.find(" load ") != std::string::npos)
      sends += sent;
  }
  EXPECT_EQ(sends, 50) << outcome.output;
}

TEST_F(OrdinaryUser, IsRootInANamespaceOfItsOwn) {
  const Words words{"unshare", "--user", "--map-root-user"};
  const auto in_namespace = [&](const Words& command) {
    Words all = words;
    all.insert(all.end(), command.begin(), command.end());
    return run(as_ordinary_user(all));
  };
  if (const Outcome refused = in_namespace({"true"}); refused.status != 0)
    GTEST_SKIP() << refused.errors;
  const Outcome outcome = in_namespace(
      {copy_of(SOCKTAP_BINARY), "run", "-e", "probe socket.send { println(size, \" \", uid()) }",
       "-c", copy_of(SOCKTAP_WORKLOAD) + " --truth /dev/null --only tcp4/send/send"});
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  EXPECT_EQ(outcome.output, "101 0\n") << outcome.errors;
  EXPECT_NE(outcome.errors.find("by ptrace, as eBPF is refused: "), std::string::npos)
      << outcome.errors;
}

// A program that nobody may look into: what it sends is not known, and that is said.
TEST_F(OrdinaryUser, IsToldWhatCouldNotBeRead) {
  const Outcome outcome =
      traced({"-q", "-e", "global n probe socket.send { n++ } probe end { println(n) }", "-c",
              copy_of(SOCKTAP_UNRULY) + " forbids_to_look 2"});
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  EXPECT_NE(outcome.output.find("creates 4 sends 2"), std::string::npos) << outcome.output;
  EXPECT_TRUE(outcome.output.ends_with("\n0\n")) << outcome.output;
  EXPECT_NE(
      outcome.errors.find(" lost because a probe did not fire or could not read what it needed"),
      std::string::npos)
      << outcome.errors;
}

// Set-user-ID programs run without their owner's rights, as under every tracer of such a user.
class SetUserId : public OrdinaryUser {
 protected:
  void SetUp() override {
    OrdinaryUser::SetUp();
    if (::geteuid() != 0) GTEST_SKIP() << "needs root, to make a program that sets its user";
    program_ = copy_of("/usr/bin/id");
    ASSERT_EQ(::chmod(program_.c_str(), S_ISUID | 0755), 0);
    if (run(as_nobody({program_, "-u"})).output != "0\n")
      GTEST_SKIP() << "programs that set their user are not wanted in " << folder_.path();
  }

  // With ways to more rights left.
  static Words as_nobody(const Words& command) {
    Words words{"setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"};
    words.insert(words.end(), command.begin(), command.end());
    return words;
  }

  std::string program_;
};

TEST_F(SetUserId, GetsNothingWhereItsTracerMayNot) {
  const Outcome outcome = run(as_nobody({copy_of(SOCKTAP_BINARY), "run", "-q", "-e",
                                         "probe socket.send { }", "-c", program_ + " -u"}));
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  EXPECT_EQ(outcome.output, "65534\n") << outcome.errors;
}

TEST_F(SetUserId, SetsItWhereItsTracerMay) {
  for (const char* backend : {"ptrace", "auto"}) {
    const Outcome outcome =
        run({copy_of(SOCKTAP_BINARY), "run", "--backend", backend, "-q", "--user", "nobody", "-e",
             "probe socket.send { }", "-c", program_ + " -u"});
    EXPECT_EQ(outcome.status, 0) << outcome.errors;
    EXPECT_EQ(outcome.output, "0\n") << backend << outcome.errors;
  }
}

}  // namespace
}  // namespace socktap::test
