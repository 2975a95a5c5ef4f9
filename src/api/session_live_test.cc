// Sessions over processes of the test's own, by eBPF and by ptrace, and over a recording.

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <ostream>
#include <vector>

#include "socktap/socktap.h"

namespace {

using socktap::EventView;
using socktap::Options;
using socktap::Session;

// Sends 1, 20 and 300 bytes to itself when it is told to, and waits to be ended.
class Child {
 public:
  Child() {
    EXPECT_EQ(::pipe(gate_), 0);
    pid_ = ::fork();
    if (pid_ == 0) work();
    ::close(gate_[0]);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    ::close(gate_[1]);
    ::waitpid(pid_, nullptr, 0);
  }

  pid_t pid() const { return pid_; }
  void begin() const { EXPECT_EQ(::write(gate_[1], "x", 1), 1); }

  static constexpr ssize_t sizes[] = {1, 20, 300};

 private:
  [[noreturn]] void work() const {
    ::close(gate_[1]);
    char room[300] = {};
    int ends[2];
    bool well = ::read(gate_[0], room, 1) == 1 && ::socketpair(AF_UNIX, SOCK_DGRAM, 0, ends) == 0;
    for (const ssize_t size : sizes)
      well = well && ::send(ends[0], room, static_cast<std::size_t>(size), 0) == size &&
             ::recv(ends[1], room, sizeof(room), 0) == size;
    static_cast<void>(::read(gate_[0], room, 1));
    ::_exit(well ? 0 : 1);
  }

  int gate_[2] = {-1, -1};
  pid_t pid_ = -1;
};

struct Seen {
  std::string point;
  std::int64_t size;
  bool operator==(const Seen&) const = default;
};
std::ostream& operator<<(std::ostream& out, const Seen& seen) {
  return out << seen.point << " " << seen.size;
}

class EachBackend : public testing::TestWithParam<const char*> {
 protected:
  // Of the child, until the event that the child ends with. A backend that is refused here is
  // skipped.
  void observe(Session& session) {
    ASSERT_TRUE(session.on("begin", [this](const EventView&) { child_.begin(); }));
    ASSERT_TRUE(
        session.on({.points = "socket.receive", .condition = "size == 300", .variables = {"size"}},
                   [&](const EventView&) { session.stop(); }));
    const auto summary = session.run();
    if (!summary) GTEST_SKIP() << summary.error().message << " (" << summary.error().hint << ")";
    EXPECT_EQ(summary->ending, socktap::Ending::stopped);
    for (const std::uint64_t count : summary->losses) EXPECT_EQ(count, 0u);
    for (const socktap::PathSeen& path : summary->paths)
      EXPECT_NE(path.visibility, socktap::Visibility::twice) << path.path;
    EXPECT_FALSE(summary->paths.empty());
  }

  Options options() const {
    return {.process = child_.pid(), .duration = std::chrono::seconds(30), .backend = GetParam()};
  }

  Child child_;
};

TEST_P(EachBackend, CallsHandlersOnceForEachEvent) {
  Session session(options());
  std::vector<Seen> seen;
  const auto before = std::chrono::system_clock::now();
  ASSERT_TRUE(session.on("socket.send, socket.receive", [&](const EventView& event) {
    seen.push_back({std::string(event.point()), event.size()});
    EXPECT_EQ(event.pid(), child_.pid());
    EXPECT_EQ(event.tid(), child_.pid());
    EXPECT_EQ(event.ppid(), ::getpid());
    EXPECT_EQ(event.uid(), ::getuid());
    EXPECT_EQ(event.execname(), std::string(program_invocation_short_name).substr(0, 15));
    EXPECT_TRUE(event.success());
    EXPECT_EQ(socktap::family_name(event.family()), "LOCAL");
    EXPECT_EQ(socktap::type_name(event.type()), "DGRAM");
    EXPECT_EQ(socktap::state_name(event.state()), "CONNECTED");
    EXPECT_EQ(event.local_addr(), "");
    EXPECT_GT(event.latency().count(), 0);
    EXPECT_GT(event.fd(), 2);
    EXPECT_NE(event.sock(), 0u);
    EXPECT_EQ(event.variable("size"), socktap::Value(event.size()));
    EXPECT_EQ(event.variable("name"), socktap::Value(std::string(event.point())));
    EXPECT_FALSE(event.variable("dev_name"));
    const auto age = event.time() - before;
    EXPECT_GT(age, std::chrono::seconds(-1));
    EXPECT_LT(age, std::chrono::minutes(1));
  }));
  observe(session);
  if (IsSkipped()) return;
  const std::vector<Seen> expected{{"socket.send", 1},   {"socket.receive", 1},
                                   {"socket.send", 20},  {"socket.receive", 20},
                                   {"socket.send", 300}, {"socket.receive", 300}};
  EXPECT_EQ(seen, expected);
}

TEST_P(EachBackend, CapturesOnlyTheVariablesThatAreAskedFor) {
  Session session(options());
  std::vector<Seen> seen;
  ASSERT_TRUE(session.on({.points = "socket.send", .condition = "size > 1", .variables = {"size"}},
                         [&](const EventView& event) {
                           seen.push_back({std::string(event.execname()), event.size()});
                           EXPECT_EQ(event.fd(), -1);
                           EXPECT_EQ(event.path(), "");
                           EXPECT_FALSE(event.variable("netns"));
                         }));
  observe(session);
  if (IsSkipped()) return;
  const std::string name = std::string(program_invocation_short_name).substr(0, 15);
  EXPECT_EQ(seen, (std::vector<Seen>{{name, 20}, {name, 300}}));
}

TEST_P(EachBackend, RunsScriptsBesideHandlers) {
  struct Lines : socktap::Sink {
    socktap::Result<void> output(std::string_view text) override {
      all += text;
      return {};
    }
    socktap::Result<void> event(const EventView& event) override {
      shown += event.size();
      return {};
    }
    std::string all;
    std::int64_t shown = 0;
  } lines;
  Session session(options());
  session.write_to(lines);
  ASSERT_TRUE(session.add_script(R"(global sizes
    probe socket.send { sizes <<< size; print_event() }
    probe end { printf("%d of %d by %d\n", @count(sizes), @sum(sizes), target()) })"));
  observe(session);
  if (IsSkipped()) return;
  EXPECT_EQ(lines.all, "3 of 321 by " + std::to_string(child_.pid()) + "\n");
  EXPECT_EQ(lines.shown, 321);
}

INSTANTIATE_TEST_SUITE_P(By, EachBackend, testing::Values("ebpf", "ptrace"),
                         [](const auto& backend) { return std::string(backend.param); });

TEST(Command, IsObservedToItsEnd) {
  Session session({.command = {"sh", "-c", "exit 3"}, .backend = "ptrace"});
  std::vector<std::string> ended;
  ASSERT_TRUE(session.on("process.end",
                         [&](const EventView& event) { ended.emplace_back(event.execname()); }));
  const auto summary = session.run();
  if (!summary) GTEST_SKIP() << summary.error().message;
  EXPECT_EQ(summary->ending, socktap::Ending::command_ended);
  ASSERT_TRUE(summary->command_status);
  EXPECT_EQ(WEXITSTATUS(*summary->command_status), 3);
  EXPECT_GT(summary->command, 0);
  EXPECT_EQ(summary->source, "ptrace");
  EXPECT_EQ(ended, std::vector<std::string>{"sh"});
}

TEST(Command, ThatIsNotThereIsAnError) {
  Session session({.command = {"/nonexistent/command"}, .backend = "ptrace"});
  ASSERT_TRUE(session.on("socket.send", [](const EventView&) {}));
  const auto summary = session.run();
  ASSERT_FALSE(summary);
  EXPECT_NE(summary.error().message.find("/nonexistent/command"), std::string::npos);
}

TEST(Recording, IsRunAsItHappened) {
  const std::string file = testing::TempDir() + "api-" + std::to_string(::getpid()) + ".db";
  const std::string record = SOCKTAP_BINARY " record -q --backend ptrace -o " + file + " -- " +
                             SOCKTAP_WORKLOAD " --truth /dev/null 2>&1";
  if (std::system(record.c_str()) != 0) GTEST_SKIP() << "cannot record: " << record;
  std::int64_t sent = 0;
  int tcp = 0;
  Session session({.recording = file});
  ASSERT_TRUE(
      session.on({.points = "socket.send", .condition = "success"}, [&](const EventView& event) {
        sent += event.size();
        if (event.protocol() != 6) return;
        ++tcp;
        EXPECT_NE(event.local_addr(), "");
        EXPECT_GT(event.remote_port(), 0);
      }));
  struct Sum : socktap::Sink {
    socktap::Result<void> output(std::string_view text) override {
      all += text;
      return {};
    }
    std::string all;
  } sum;
  session.write_to(sum);
  ASSERT_TRUE(session.add_script(
      "global n probe socket.send { if (success) n += size } probe end { println(n) }"));
  const auto summary = session.run();
  std::filesystem::remove(file);
  ASSERT_TRUE(summary) << summary.error().message;
  EXPECT_EQ(summary->ending, socktap::Ending::recording_finished);
  EXPECT_GT(sent, 0);
  EXPECT_GT(tcp, 0);
  EXPECT_EQ(sum.all, std::to_string(sent) + "\n");
}

}  // namespace
