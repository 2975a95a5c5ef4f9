// How little privilege a run takes, what is said where it has less, and what is left behind by one
// that is killed.

#include <bpf/bpf.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <thread>

#include "command.h"

namespace socktap::test {
namespace {

using Words = std::vector<std::string>;
using namespace std::chrono_literals;

// As root with these capabilities only: "+bpf,+perfmon".
Words with_capabilities(const std::string& capabilities, const Words& command) {
  Words words{"setpriv", "--bounding-set=-all" + capabilities, "--inh-caps=-all" + capabilities,
              "--no-new-privs"};
  words.insert(words.end(), command.begin(), command.end());
  return words;
}

Words one_liner() {
  return {SOCKTAP_BINARY,
          "run",
          "--backend",
          "ebpf",
          "-q",
          "-e",
          "probe socket.send { printf(\"%s %d\\n\", name, size) }",
          "-c",
          std::string(SOCKTAP_WORKLOAD) + " --truth /dev/null --only unix_stream/send/send"};
}

class Privilege : public testing::Test {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "needs root";
    if (run({"setpriv", "--version"}).status != 0) GTEST_SKIP() << "needs setpriv (util-linux)";
    const Outcome whole = run(one_liner());
    if (whole.status != 0) GTEST_SKIP() << "root cannot trace here: " << whole.errors;
  }
};

TEST_F(Privilege, TwoCapabilitiesAreEnough) {
  const Outcome outcome = run(with_capabilities(",+bpf,+perfmon", one_liner()));
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  EXPECT_NE(outcome.output.find("socket.send "), std::string::npos) << outcome.output;
}

TEST_F(Privilege, TheMissingOneIsNamed) {
  for (const auto& [given, missing] :
       {std::pair{",+bpf", "CAP_PERFMON"}, std::pair{",+perfmon", "CAP_BPF"}}) {
    const Outcome outcome = run(with_capabilities(given, one_liner()));
    EXPECT_NE(outcome.status, 0) << given;
    EXPECT_EQ(outcome.output, "");
    EXPECT_NE(outcome.errors.find(std::string("hint: ") + missing + ", which this process lacks"),
              std::string::npos)
        << given << ": " << outcome.errors;
  }
}

// The numbers that the kernel gives to what a process has open: "prog_id", "map_id", "link_id".
std::set<__u32> ids_of(pid_t process, const std::string& kind) {
  std::set<__u32> ids;
  const std::filesystem::path folder = "/proc/" + std::to_string(process) + "/fdinfo";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream file(entry.path());
    for (std::string line; std::getline(file, line);)
      if (line.starts_with(kind + ":"))
        ids.insert(static_cast<__u32>(std::stoul(line.substr(kind.size() + 1))));
  }
  return ids;
}

std::size_t alive(const std::set<__u32>& ids, int (*open)(__u32)) {
  std::size_t count = 0;
  for (const __u32 id : ids)
    if (const int fd = open(id); fd >= 0) {
      ++count;
      close(fd);
    }
  return count;
}

TEST_F(Privilege, AKilledRunLeavesNothingBehind) {
  Command socktap({SOCKTAP_BINARY, "run", "-e",
                   std::string("probe begin { println(\"begun\") } ") +
                       "probe socket.send, socket.create, socket.close { println(name) }",
                   "-c", "sleep 60"});
  ASSERT_TRUE(socktap.printed("begun", 20s));
  const std::set<__u32> programs = ids_of(socktap.pid(), "prog_id");
  const std::set<__u32> maps = ids_of(socktap.pid(), "map_id");
  ASSERT_GT(alive(programs, bpf_prog_get_fd_by_id), 2u);
  ASSERT_GT(alive(maps, bpf_map_get_fd_by_id), 2u);
  const std::filesystem::path pinned = "/sys/fs/bpf";
  const auto pins = [&pinned] {
    std::error_code none;
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(pinned, none))
      ++count;
    return count;
  };
  const std::size_t pins_before = pins();
  socktap.signal(SIGKILL);
  socktap.wait();
  // The kernel frees them when nobody can be inside a program any more.
  for (int i = 0; i < 100 && alive(programs, bpf_prog_get_fd_by_id) > 0; ++i)
    std::this_thread::sleep_for(50ms);
  EXPECT_EQ(alive(programs, bpf_prog_get_fd_by_id), 0u);
  for (int i = 0; i < 100 && alive(maps, bpf_map_get_fd_by_id) > 0; ++i)
    std::this_thread::sleep_for(50ms);
  EXPECT_EQ(alive(maps, bpf_map_get_fd_by_id), 0u);
  EXPECT_EQ(pins(), pins_before);
}

}  // namespace
}  // namespace socktap::test
