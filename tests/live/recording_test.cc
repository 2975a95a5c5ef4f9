// Recordings: what was printed live is printed again, byte for byte; and what becomes of them when
// things go wrong.

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "command.h"

namespace socktap::test {
namespace {

namespace fs = std::filesystem;

std::string workload(const std::string& steps) {
  return std::string(SOCKTAP_WORKLOAD) + " --truth /dev/null" +
         (steps.empty() ? "" : " --only " + steps);
}

// A recording, and what belongs to it, gone when the object is.
class RecordingFile {
 public:
  RecordingFile() {
    static int number = 0;
    path_ = ::testing::TempDir() + "recording-" + std::to_string(::getpid()) + "-" +
            std::to_string(++number) + ".db";
  }
  ~RecordingFile() {
    for (const auto& entry : fs::directory_iterator(::testing::TempDir()))
      if (entry.path().string().starts_with(path_)) fs::remove(entry.path());
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

std::vector<std::string> shipped_scripts() {
  std::vector<std::string> scripts;
  for (const auto& entry : fs::directory_iterator(SOCKTAP_SCRIPTS))
    if (entry.path().extension() == ".stp") scripts.push_back(entry.path().stem());
  std::ranges::sort(scripts);
  return scripts;
}

class EveryScript : public ::testing::TestWithParam<std::string> {};

TEST_P(EveryScript, PrintsTheSameOverARecordingOfTheRun) {
  if (const std::string why = refusal(); !why.empty()) GTEST_SKIP() << why;
  const RecordingFile file;
  const std::string script = std::string(SOCKTAP_SCRIPTS) + "/" + GetParam() + ".stp";
  const Outcome live = run(socktap_run({script, "--record", file.path(), "-c", workload("")}));
  ASSERT_EQ(live.status, 0) << live.errors;
  ASSERT_GE(lines_of(live.output).size(), 2u) << live.output;  // more than a heading
  const Outcome replayed = run({SOCKTAP_BINARY, "run", "-q", script, "--from", file.path()});
  EXPECT_EQ(replayed.status, 0) << replayed.errors;
  EXPECT_EQ(replayed.output, live.output);
  EXPECT_EQ(replayed.errors, "");
}

INSTANTIATE_TEST_SUITE_P(Shipped, EveryScript, ::testing::ValuesIn(shipped_scripts()),
                         [](const auto& script) { return script.param; });

class Recording : public ::testing::Test {
 protected:
  void SetUp() override {
    if (const std::string why = refusal(); !why.empty()) GTEST_SKIP() << why;
  }

  Outcome record(std::vector<std::string> options, const std::string& steps) {
    std::vector<std::string> words{SOCKTAP_BINARY, "record", "-o", file_.path()};
    words.insert(words.end(), options.begin(), options.end());
    for (const char* word : {"--", SOCKTAP_WORKLOAD, "--truth", "/dev/null", "--only"})
      words.emplace_back(word);
    words.push_back(steps);
    return run(by_backend(words));
  }
  Outcome replay(const std::string& script) const {
    return run({SOCKTAP_BINARY, "run", "-q", "--from", file_.path(), "-e", script});
  }

  RecordingFile file_;
};

TEST_F(Recording, OfAllSocketPointsAnswersAnyScript) {
  const Outcome recorded = record({}, "tcp4/send");
  ASSERT_EQ(recorded.status, 0) << recorded.errors;
  EXPECT_NE(recorded.errors.find("recorded "), std::string::npos) << recorded.errors;
  const Outcome counted = replay(
      "global n, of_target probe socket.send { n++; of_target += pid() == target() }"
      "probe socket.*, socket.*.return { printf(\"%s %d %d\\n\", name, size, latency) }"
      "probe tcp.sendmsg { println(daddr, \" \", dport) }"
      "probe end { printf(\"%d of %d\\n\", of_target, n) }");
  ASSERT_EQ(counted.status, 0) << counted.errors;
  EXPECT_NE(counted.output.find("\n16 of 16\n"), std::string::npos) << counted.output;
  EXPECT_NE(counted.output.find("socket.create.return 0 "), std::string::npos);
  EXPECT_NE(counted.output.find("127.0.0.1 "), std::string::npos);
}

TEST_F(Recording, HasTheRunsClockAndTimers) {
  const std::string script =
      "global ticks probe timer.ms(20) { if (++ticks > 3) next; printf(\"tick %d %d\\n\", ticks, "
      "gettimeofday_ns()) } probe socket.send { printf(\"%d %d\\n\", gettimeofday_ns(), ticks) } "
      "probe begin { println(gettimeofday_ns()) } probe end { println(gettimeofday_ns(), \" \", "
      "ticks) }";
  const Outcome live =
      run(socktap_run({"--record", file_.path(), "-e", script, "-c",
                       "sh -c 'sleep 0.05; " + workload("tcp4/send") + "; sleep 0.05'"}));
  ASSERT_EQ(live.status, 0) << live.errors;
  EXPECT_NE(live.output.find("tick 3 "), std::string::npos) << live.output;
  EXPECT_EQ(replay(script).output, live.output);
}

TEST_F(Recording, EndsWhereTheRunWasEndedByItsScript) {
  const std::string script =
      "global n probe socket.send { if (++n == 5) exit() } probe socket.send { println(size) } "
      "probe end { println(n, \" \", gettimeofday_us()) }";
  const Outcome live =
      run(socktap_run({"--record", file_.path(), "-e", script, "-c", workload("tcp4/send")}));
  ASSERT_EQ(live.status, 0) << live.errors;
  EXPECT_EQ(lines_of(live.output).size(), 5u) << live.output;
  EXPECT_EQ(replay(script).output, live.output);
}

TEST_F(Recording, TraceSaysTheSame) {
  ASSERT_EQ(record({}, "udp4/send").status, 0);
  const Outcome lines =
      run({SOCKTAP_BINARY, "trace", "-q", "--from", file_.path(), "--op", "send"});
  ASSERT_EQ(lines.status, 0) << lines.errors;
  EXPECT_TRUE(lines.output.starts_with("TIME ")) << lines.output;
  EXPECT_NE(lines.output.find(" UDP      127.0.0.1:"), std::string::npos) << lines.output;
}

TEST_F(Recording, SurvivesThatItsWriterIsKilled) {
  Command recorder(by_backend({SOCKTAP_BINARY, "record", "-q", "-o", file_.path(), "--",
                               SOCKTAP_LOAD, "--seconds", "20", "--count-file", "/dev/null"}));
  std::this_thread::sleep_for(std::chrono::milliseconds(2500));
  recorder.signal(SIGKILL);
  EXPECT_EQ(recorder.wait().status, 128 + SIGKILL);
  const Outcome replayed = replay(
      "global n, first, last probe socket.send { n++; last = gettimeofday_ms(); if (!first) first "
      "= "
      "last } probe end { printf(\"%d %d\\n\", n > 100, last - first) }");
  ASSERT_EQ(replayed.status, 0) << replayed.errors;
  EXPECT_NE(replayed.errors.find("was broken off"), std::string::npos) << replayed.errors;
  std::istringstream words(replayed.output);
  int many = 0, milliseconds = 0;
  words >> many >> milliseconds;
  EXPECT_EQ(many, 1) << replayed.output;
  EXPECT_GT(milliseconds, 0);
}

TEST_F(Recording, GoesOnInOtherFilesAndKeepsTheNewest) {
  const Outcome recorded = record({"--rotate-size", "0.01", "--keep", "3"}, "tcp4");
  ASSERT_EQ(recorded.status, 0) << recorded.errors;
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator(::testing::TempDir()))
    if (entry.path().string().starts_with(file_.path())) files.push_back(entry.path());
  EXPECT_EQ(files.size(), 3u) << recorded.errors;
  for (const std::string& path : files) {
    const Outcome replayed = run(
        {SOCKTAP_BINARY, "run", "-q", "--from", path, "-e",
         "global n probe socket.* { n++ } probe socket.*.return { n++ } probe end { println(n) }"});
    EXPECT_EQ(replayed.status, 0) << replayed.errors;
    EXPECT_NE(replayed.output, "0\n") << path;
  }
}

TEST_F(Recording, RemovesTheFilesOfALongerOneButNothingElse) {
  const std::vector<std::string> rotation{"--rotate-size", "0.01"};
  ASSERT_EQ(record(rotation, "tcp4").status, 0);
  ASSERT_TRUE(fs::exists(file_.path() + ".2"));
  const std::string copied = file_.path() + ".2026", foreign = file_.path() + ".28";
  fs::copy_file(file_.path() + ".1", copied);
  std::ofstream(foreign) << "no recording";
  ASSERT_EQ(record({"--rotate-age", "1000"}, "tcp4").status, 0);
  EXPECT_TRUE(fs::exists(file_.path() + ".0"));
  EXPECT_FALSE(fs::exists(file_.path() + ".1"));
  EXPECT_FALSE(fs::exists(file_.path() + ".2"));
  EXPECT_TRUE(fs::exists(copied)) << "it was .1";
  EXPECT_TRUE(fs::exists(foreign));
}

TEST_F(Recording, IsPacedIfAsked) {
  ASSERT_EQ(
      run(socktap_run({"--record", file_.path(), "-e", "probe socket.send { println(size) }", "-c",
                       "sh -c '" + workload("tcp4/send/send") + "; sleep 0.3; " +
                           workload("tcp4/send/send") + "'"}))
          .status,
      0);
  const auto begin = std::chrono::steady_clock::now();
  const Outcome paced = run({SOCKTAP_BINARY, "run", "-q", "--from", file_.path(), "--speed", "0.5",
                             "-e", "probe socket.send { println(size) }"});
  EXPECT_EQ(paced.status, 0) << paced.errors;
  EXPECT_EQ(paced.output, "101\n101\n");
  EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(550));
}

TEST_F(Recording, LacksWhatWasNotRecorded) {
  ASSERT_EQ(record({"socket.send"}, "tcp4/send").status, 0);
  const Outcome refused = replay("probe socket.close { println(name) }");
  EXPECT_EQ(refused.status, 3);
  EXPECT_NE(refused.errors.find("the recording has no events of socket.close"), std::string::npos)
      << refused.errors;
}

TEST_F(Recording, OfSystemCallsIsRefused) {
  const Outcome refused = run({SOCKTAP_BINARY, "record", "-o", file_.path(), "syscall.open"});
  EXPECT_EQ(refused.status, 2);
  EXPECT_NE(refused.errors.find("cannot be recorded"), std::string::npos) << refused.errors;
  EXPECT_FALSE(fs::exists(file_.path()));
}

TEST_F(Recording, DoesNotReplaceOtherFiles) {
  std::ofstream(file_.path()) << "precious";
  const Outcome refused = record({}, "tcp4/send/send");
  EXPECT_EQ(refused.status, 1);
  EXPECT_NE(refused.errors.find("is no recording"), std::string::npos) << refused.errors;
  std::ifstream text(file_.path());
  std::string word;
  text >> word;
  EXPECT_EQ(word, "precious");
}

TEST_F(Recording, IsMadeOfAFileAndOfNothingElse) {
  ASSERT_EQ(::mkfifo(file_.path().c_str(), 0600), 0);
  const Outcome refused = record({}, "tcp4/send/send");
  EXPECT_EQ(refused.status, 1);
  EXPECT_NE(refused.errors.find("is no file"), std::string::npos) << refused.errors;
  EXPECT_TRUE(fs::is_fifo(file_.path()));
}

TEST_F(Recording, IsMadeByOneAtATime) {
  Command first(
      by_backend({SOCKTAP_BINARY, "record", "-q", "-o", file_.path(), "--", "sleep", "30"}));
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!fs::exists(file_.path()) && std::chrono::steady_clock::now() < end)
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  const Outcome second = record({}, "tcp4/send/send");
  EXPECT_EQ(second.status, 1);
  EXPECT_NE(second.errors.find("is being recorded"), std::string::npos) << second.errors;
  first.signal(SIGINT);
  EXPECT_EQ(first.wait().status, 0);
}

TEST_F(Recording, StaysWhereItsSuccessorDoesNotBegin) {
  ASSERT_EQ(record({}, "tcp4/send").status, 0);
  const Outcome mistyped =
      run(by_backend({SOCKTAP_BINARY, "record", "-o", file_.path(), "--", "no-such-command"}));
  EXPECT_NE(mistyped.status, 0);
  EXPECT_EQ(replay("global n probe socket.send { n++ } probe end { println(n) }").output, "16\n");
}

TEST_F(Recording, GoesOnWithoutAReaderOfItsOutput) {
  const Outcome recorded = run({"/bin/sh", "-c",
                                std::string(SOCKTAP_BINARY) + " record -q -o " + file_.path() +
                                    " -- " + workload("tcp4/send") + " | true"});
  ASSERT_EQ(recorded.status, 0) << recorded.errors;
  EXPECT_EQ(replay("global n probe socket.send { n++ } probe end { println(n) }").output, "16\n");
}

TEST_F(Recording, MayBeReadMeanwhile) {
  Command recorder(
      by_backend({SOCKTAP_BINARY, "record", "-q", "-o", file_.path(), "--", SOCKTAP_LOAD,
                  "--seconds", "2", "--rate", "500", "--count-file", "/dev/null"}));
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!fs::exists(file_.path()) && std::chrono::steady_clock::now() < end)
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  const Outcome meanwhile = replay("probe socket.send { exit() } probe end { println(\"seen\") }");
  EXPECT_EQ(meanwhile.output, "seen\n") << meanwhile.errors;
  const Outcome recorded = recorder.wait();
  EXPECT_EQ(recorded.status, 0) << recorded.errors;
  EXPECT_EQ(replay("probe end { println(\"whole\") } probe socket.send {}").errors, "");
}

// No privilege is needed for these.
TEST(Replay, OfOtherFilesIsRefused) {
  for (const char* path : {"/no/such/file", "/etc/passwd", "/dev/null", "/tmp"}) {
    const Outcome refused =
        run({SOCKTAP_BINARY, "run", "--from", path, "-e", "probe socket.send {}"});
    EXPECT_EQ(refused.status, 2) << path;
    EXPECT_NE(refused.errors.find("ERROR: "), std::string::npos) << refused.errors;
    EXPECT_NE(refused.errors.find(path), std::string::npos) << refused.errors;
  }
}

TEST(Replay, HasNoProcessesOfItsOwn) {
  for (const std::vector<std::string>& option : {std::vector<std::string>{"-c", "true"},
                                                 {"-x", std::to_string(::getpid())},
                                                 {"--record", "/tmp/other"}}) {
    std::vector<std::string> words{SOCKTAP_BINARY, "run", "--from", "x", "-e", "probe begin {}"};
    words.insert(words.end(), option.begin(), option.end());
    const Outcome refused = run(words);
    EXPECT_EQ(refused.status, 2) << option[0];
    EXPECT_NE(refused.errors.find("--from"), std::string::npos) << refused.errors;
  }
}

}  // namespace
}  // namespace socktap::test
