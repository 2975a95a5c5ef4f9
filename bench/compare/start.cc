#include "compare/start.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>

#include "base/unique_fd.h"
#include "compare/process.h"

namespace socktap::bench {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto longest = 20s;

struct Row {
  const char* name;
  Tool tool;
  std::vector<std::string> arguments;  // with places for the command
  const char* first;                   // what the first event's line has
};

constexpr const char* line_of_six_fields =
    R"(probe socket.send { printf("%s(%d) %s %d bytes %s/%s\n", execname(), pid(), name, size,
         sock_fam_num2str(family), sock_prot_num2str(protocol)) })";

constexpr const char* line_by_bpftrace =
    R"(tracepoint:sock:sock_send_length /pid == cpid/ {
         printf("%s(%d) %s %d bytes %d/%d\n", comm, pid, probe, args.ret, args.family,
                args.protocol); })";

const std::vector<Row>& rows() {
  static const std::vector<Row> table = {
      {"socktap, a line of six fields",
       Tool::socktap,
       {"run", "-e", line_of_six_fields, "-c", "COMMAND"},
       "socket.send"},
      {"socktap, every point",
       Tool::socktap,
       {"run", "-e", "probe socket.** { println(name) }", "-c", "COMMAND"},
       "socket.send"},
      {"bpftrace, a line of six fields",
       Tool::bpftrace,
       {"-e", line_by_bpftrace, "-c", "COMMAND"},
       "sock_send_length"},
      {"perf trace", Tool::perf, {"trace", "-e", "sock:sock_send_length", "COMMAND..."}, "send"},
      {"strace", Tool::strace, {"-e", "trace=sendto", "COMMAND..."}, "sendto"},
  };
  return table;
}

struct Start {
  double cpu_ms = 0;
  double clock_ms = 0;
};

// Reads until the text came; false when it ends, or takes too long, without.
bool comes(int fd, const std::string& wanted, std::string& read_so_far) {
  const auto until = Clock::now() + longest;
  char piece[4096];
  while (read_so_far.find(wanted) == std::string::npos) {
    pollfd waiting{fd, POLLIN, 0};
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now());
    if (left <= 0ms || poll(&waiting, 1, static_cast<int>(left.count())) <= 0) return false;
    const ssize_t length = read(fd, piece, sizeof piece);
    if (length <= 0) return false;
    read_so_far.append(piece, static_cast<std::size_t>(length));
  }
  return true;
}

Result<Start> measure(const Row& row, const Tools& tools, const std::string& load) {
  const auto words = tools.command(
      row.tool, with_command(row.arguments, {load, "--pairs", "1", "--count-file", "/dev/null"}));
  if (!words) return tl::unexpected(words.error());
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return system_failure("cannot make a pipe", errno);
  const UniqueFd out(ends[0]);
  UniqueFd in(ends[1]);
  const auto begin = Clock::now();
  auto process = Process::start(*words, {-1, in.get(), in.get()});
  if (!process) return tl::unexpected(process.error());
  in.reset();
  std::string text;
  if (!comes(out.get(), row.first, text))
    return failure(std::string(row.name) + " did not tell of the event", text);
  const Start start{static_cast<double>(process->cpu_ns()) / 1e6,
                    std::chrono::duration<double, std::milli>(Clock::now() - begin).count()};
  process->end(SIGINT);
  return start;
}

}  // namespace

std::vector<Started> measure_starts(const Tools& tools, const std::string& load, unsigned rounds) {
  std::vector<Started> all;
  std::vector<std::vector<double>> cpu(rows().size()), clock(rows().size());
  for (const Row& row : rows()) all.push_back({.subject = row.name});
  for (unsigned round = 0; round < rounds; ++round) {
    for (std::size_t i = 0; i < rows().size(); ++i) {
      if (!all[i].refusal.empty()) continue;
      const auto start = measure(rows()[i], tools, load);
      if (!start) {
        all[i].refusal = start.error().message + ": " + start.error().hint;
        continue;
      }
      cpu[i].push_back(start->cpu_ms);
      clock[i].push_back(start->clock_ms);
    }
  }
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i].rounds = static_cast<unsigned>(cpu[i].size());
    all[i].cpu_ms = spread_of(cpu[i]);
    all[i].clock_ms = spread_of(clock[i]);
  }
  return all;
}

}  // namespace socktap::bench
