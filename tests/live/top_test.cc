// `top` on a terminal: what is on the screen, what keys do, and what is left behind. The terminal
// is tmux's.

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <functional>
#include <regex>
#include <thread>

#include "command.h"

namespace socktap::test {
namespace {

using std::chrono::steady_clock;

constexpr const char* tmux = "/usr/bin/tmux";

std::string recording_of_a_workload(const std::string& path) {
  const Outcome recorded =
      run(by_backend({SOCKTAP_BINARY, "record", "-q", "-o", path, "--", SOCKTAP_WORKLOAD, "--truth",
                      "/dev/null", "--only", "tcp4"}));
  return recorded.status == 0 ? "" : recorded.errors;
}

// A shell's screen, on which it runs one command.
class Screen {
 public:
  Screen(unsigned width, unsigned height, const std::string& command) {
    static int number = 0;
    name_ = "socktap-" + std::to_string(::getpid()) + "-" + std::to_string(++number);
    const Outcome begun = run({tmux, "-L", name_, "-f", "/dev/null", "new-session", "-d", "-x",
                               std::to_string(width), "-y", std::to_string(height),
                               "export LC_ALL=C.UTF-8; echo before; " + command +
                                   "; echo after $?; stty -a | tr ' ' '\\n' | grep -x 'echo;\\?'; "
                                   "sleep 60"});
    EXPECT_EQ(begun.status, 0) << begun.errors;
  }
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;
  ~Screen() { run({tmux, "-L", name_, "kill-server"}); }

  std::string text() const { return run({tmux, "-L", name_, "capture-pane", "-p"}).output; }
  void press(const std::string& key) const { run({tmux, "-L", name_, "send-keys", key}); }
  void resize(unsigned width, unsigned height) const {
    run({tmux, "-L", name_, "resize-window", "-x", std::to_string(width), "-y",
         std::to_string(height)});
  }

  // The screen once it matches; empty, and a failure, if it does not in time.
  std::string shows(const std::string& pattern) const {
    const std::regex expression(pattern);
    const auto end = steady_clock::now() + std::chrono::seconds(20);
    std::string screen;
    do {
      screen = text();
      if (std::regex_search(screen, expression)) return screen;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    } while (steady_clock::now() < end);
    ADD_FAILURE() << "not on the screen: " << pattern << "\n" << screen;
    return "";
  }

 private:
  std::string name_;
};

class Top : public ::testing::Test {
 protected:
  void SetUp() override {
    if (::access(tmux, X_OK) != 0) GTEST_SKIP() << "tmux is not installed";
    if (const std::string why = refusal(); !why.empty()) GTEST_SKIP() << why;
    ASSERT_EQ(recording_of_a_workload(file_.path()), "");
  }
  std::string top(const std::string& options = "") const {
    return std::string(SOCKTAP_BINARY) + " top --from " + file_.path() + " " + options;
  }

  TemporaryFile file_{"top"};
};

TEST_F(Top, ShowsARecordingOnEightyColumns) {
  const Screen screen(80, 24, top());
  const std::string text = screen.shows("workload ");
  EXPECT_TRUE(std::regex_search(
      text, std::regex("^socktap top  ..:..:..  /\\S+  by process\n1 process: sent [\\d.]+K "
                       "bytes/s, received [\\d.]+K bytes/s, errors 0/s, lost 0\n")))
      << text;
  EXPECT_TRUE(std::regex_search(
      text, std::regex("\nPROCESS             PID    SENT/s   RECV/s vTOTAL/s ERRORS/s LAST MINUTE"
                       "\nworkload +\\d+ +[\\d.]+K +[\\d.]+K +[\\d.]+K        - +█\n")))
      << text;
  EXPECT_NE(text.find("\nq quit  ? help"), std::string::npos) << text;
}

TEST_F(Top, ShowsSizesAndTimesOfTheSelectedRow) {
  const Screen screen(200, 50, top());
  screen.shows("workload ");
  screen.press("Enter");
  const std::string text = screen.shows("messages by size:");
  EXPECT_TRUE(std::regex_search(
      text, std::regex(" sent +30 messages +3.46K bytes, mean +115; took [\\d.]+us on average")))
      << text;
  EXPECT_TRUE(std::regex_search(text, std::regex("     64\\.\\. +53 (?:█){170}\n"))) << text;
}

TEST_F(Top, ChangesTheViewByItsKey) {
  const Screen screen(120, 30, top());
  screen.shows("workload ");
  screen.press("e");
  screen.shows("by peer[\\s\\S]*\n127\\.0\\.0\\.1 +TCP ");
  screen.press("f");
  screen.shows("by family[\\s\\S]*\nINET +STREAM +TCP ");
  screen.press("s");
  screen.shows(
      "by socket[\\s\\S]*\nworkload +\\d+ TCP +127\\.0\\.0\\.1:\\d+ +127\\.0\\.0\\.1:\\d+ ");
}

TEST_F(Top, FiltersByTyping) {
  const Screen screen(100, 24, top("--by socket"));
  screen.shows("\nworkload ");
  screen.press("/");
  screen.press("nobody");
  screen.shows("filter: nobody_[\\s\\S]*\nnothing matches the filter");
  screen.press("Escape");
  screen.shows("\nworkload ");
}

TEST_F(Top, TakesAnotherSize) {
  const Screen screen(80, 24, top());
  screen.shows("workload ");
  screen.resize(120, 40);
  const std::string text = screen.shows("p s e f c view");
  EXPECT_GE(lines_of(text).size(), 38u) << text;
  screen.resize(30, 5);
  screen.shows("40x6 at least");
}

TEST_F(Top, LeavesTheTerminalAsItWas) {
  const Screen screen(80, 24, top());
  screen.shows("workload ");
  screen.press("q");
  EXPECT_TRUE(screen.shows("after 0\necho").starts_with("before\nafter 0\n"));
}

TEST_F(Top, LeavesTheTerminalAsItWasIfItCrashes) {
  const Screen screen(80, 24, "sh -c 'echo $$ > " + file_.path() + ".pid; exec " + top() + "'");
  screen.shows("workload ");
  const Outcome killed = run({"/bin/sh", "-c", "kill -SEGV $(cat " + file_.path() + ".pid)"});
  ::unlink((file_.path() + ".pid").c_str());
  ASSERT_EQ(killed.status, 0) << killed.errors;
  const std::string text = screen.shows("after 139\necho");
  EXPECT_EQ(text.find("by process"), std::string::npos) << text;
}

TEST_F(Top, EndsWithItsCommand) {
  const Screen screen(80, 24,
                      std::string(SOCKTAP_BINARY) + " top --interval 0.2 -- " + SOCKTAP_LOAD +
                          " --seconds 3 --rate 100 --count-file /dev/null");
  screen.shows("\nload +\\d+ ");
  screen.shows("after 0\n");
}

TEST_F(Top, WithoutATerminalPrintsTables) {
  const Outcome printed = run({SOCKTAP_BINARY, "top", "--from", file_.path()});
  EXPECT_EQ(printed.status, 0) << printed.errors;
  EXPECT_TRUE(std::regex_search(
      printed.output,
      std::regex(
          "^PROCESS             PID    SENT/s   RECV/s vTOTAL/s ERRORS/s\nworkload +\\d+ +")))
      << printed.output;
}

}  // namespace
}  // namespace socktap::test
