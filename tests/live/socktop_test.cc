// socktop, as Debian's systemtap-doc has it, through a link named stap: its numbers are the load's.

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "command.h"

namespace socktap::test {
namespace {

using namespace std::chrono_literals;

constexpr const char* socktop = "/usr/share/systemtap/examples/network/socktop";
constexpr int pairs = 400;

struct Row {
  long pid = 0, uid = 0, sends = 0, receives = 0, sent_kb = 0, received_kb = 0;
  std::string protocol, family, command;
};

std::vector<Row> rows_of(const std::string& output) {
  std::vector<Row> rows;
  for (const std::string& line : lines_of(output)) {
    Row row;
    std::istringstream words(line);
    if (words >> row.pid >> row.uid >> row.sends >> row.receives >> row.sent_kb >>
        row.received_kb >> row.protocol >> row.family >> row.command)
      rows.push_back(row);
  }
  return rows;
}

class Socktop : public testing::TestWithParam<std::vector<std::string>> {
 protected:
  void SetUp() override {
    if (const std::string why = refusal_of_ebpf(); !why.empty()) GTEST_SKIP() << why;
    if (access(socktop, R_OK) != 0) GTEST_SKIP() << "needs systemtap-doc, which has socktop";
    std::filesystem::create_symlink(SOCKTAP_BINARY, folder_.path() + "/stap");
  }

  // socktop with these options and two intervals of a second.
  std::vector<std::string> words(const std::vector<std::string>& options) const {
    std::vector<std::string> words{"env",  "PATH=" + folder_.path() + ":" + std::getenv("PATH"),
                                   "bash", socktop,
                                   "-i",   "1",
                                   "-c",   "3"};
    words.insert(words.end(), options.begin(), options.end());
    return words;
  }

 private:
  TemporaryFolder folder_{"stap"};
};

TEST_P(Socktop, ShowsWhatTheLoadDid) {
  Command table(words(GetParam()));
  ASSERT_TRUE(table.printed("COMMAND", 20s)) << "no table";
  const std::string pairs_word = std::to_string(pairs);
  // Others may run one at the same time.
  const Outcome load = run({"sh", "-c", "echo $$; exec \"$@\"", "sh", SOCKTAP_LOAD, "--pairs",
                            pairs_word, "--type", "dgram"});
  ASSERT_EQ(load.status, 0) << load.errors;
  const long pid = std::stol(load.output);
  const Outcome outcome = table.wait();
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  long sends = 0;
  long receives = 0;
  for (const Row& row : rows_of(outcome.output)) {
    if (row.pid != pid) continue;
    EXPECT_EQ(row.command, "load");
    EXPECT_EQ(row.protocol, "IP");
    EXPECT_EQ(row.family, "LOCAL");
    EXPECT_EQ(row.uid, getuid());
    sends += row.sends;
    receives += row.receives;
  }
  EXPECT_EQ(sends, pairs) << outcome.output;
  EXPECT_EQ(receives, pairs) << outcome.output;
}

INSTANTIATE_TEST_SUITE_P(Options, Socktop,
                         testing::Values(std::vector<std::string>{"-n", "load"},
                                         std::vector<std::string>{"-d", "-n", "load", "-N", "5"},
                                         std::vector<std::string>{"-n", "load", "-n", "other", "-P",
                                                                  "IP", "-f", "LOCAL", "-t",
                                                                  "DGRAM", "-u", "root"}));

TEST_F(Socktop, ShowsNothingOfOthers) {
  for (const std::vector<std::string>& options :
       {std::vector<std::string>{"-n", "load", "-P", "TCP"},
        {"-n", "load", "-f", "INET"},
        {"-n", "load", "-t", "STREAM"},
        {"-p", "1", "-n", "load"}}) {
    Command table(words(options));
    ASSERT_TRUE(table.printed("COMMAND", 20s)) << "no table";
    run({SOCKTAP_LOAD, "--pairs", "50", "--type", "dgram"});
    EXPECT_TRUE(rows_of(table.wait().output).empty()) << options.back();
  }
}

TEST_F(Socktop, RefusesWhatItDoesNotKnow) {
  const Outcome outcome = run(words({"-P", "NONESUCH"}));
  EXPECT_NE(outcome.output.find("ERROR: Unknown protocol: NONESUCH"), std::string::npos)
      << outcome.output << outcome.errors;
}

TEST_F(Socktop, NeedsNotRun) { EXPECT_EQ(run(words({"-D"})).status, 0); }

}  // namespace
}  // namespace socktap::test
