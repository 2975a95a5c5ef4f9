#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <vector>

#include "base/unique_fd.h"
#include "compare/process.h"
#include "compare/spread.h"
#include "compare/workload.h"

namespace socktap::bench {
namespace {

struct Pipe {
  UniqueFd out;
  UniqueFd in;
};

Result<Pipe> make_pipe() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return system_failure("cannot make a pipe", errno);
  return Pipe{UniqueFd(ends[0]), UniqueFd(ends[1])};
}

class Messages : public Workload {
 public:
  Messages(Process process, UniqueFd commands, UniqueFd counts, std::uint64_t pairs,
           unsigned pieces)
      : process_(std::move(process)),
        commands_(std::move(commands)),
        counts_(std::move(counts)),
        pairs_(pairs),
        pieces_(pieces) {}

  pid_t pid() const override { return process_.pid(); }

  // In pieces, of which the lower quartile counts: what neighbours do comes and goes, and only
  // adds.
  Result<Batch> run(unsigned slowness) override {
    Batch batch;
    std::vector<double> costs;
    const auto start = std::chrono::steady_clock::now();
    for (unsigned i = 0; i < pieces_; ++i) {
      const auto piece = run_pairs(std::max<std::uint64_t>(1, pairs_ / slowness / pieces_));
      if (!piece) return tl::unexpected(piece.error());
      costs.push_back(piece->ns_per_event());
      batch.events += piece->events;
    }
    batch.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    batch.cpu_ns =
        static_cast<std::uint64_t>(lower_quartile(costs) * static_cast<double>(batch.events));
    return batch;
  }

 private:
  Result<Batch> run_pairs(std::uint64_t pairs) {
    const std::string command = std::to_string(pairs) + "\n";
    if (write(commands_.get(), command.data(), command.size()) < 0)
      return system_failure("cannot tell the load what to do", errno);
    std::string line;
    for (char c = 0; read(counts_.get(), &c, 1) == 1 && c != '\n';) line += c;
    const auto batch = read_load(line);
    if (!batch || batch->events == 0) return failure("the load did not say what it did: " + line);
    return *batch;
  }

  Process process_;
  UniqueFd commands_;
  UniqueFd counts_;
  std::uint64_t pairs_;
  unsigned pieces_;
};

}  // namespace

StartWorkload messages(std::vector<std::string> load, std::uint64_t pairs, unsigned pieces) {
  load.emplace_back("--commanded");
  return [load, pairs, pieces]() -> Result<std::unique_ptr<Workload>> {
    auto commands = make_pipe();
    auto counts = make_pipe();
    if (!commands || !counts) return tl::unexpected((commands ? counts : commands).error());
    auto process = Process::start(load, {commands->out.get(), counts->in.get(), STDERR_FILENO});
    if (!process) return tl::unexpected(process.error());
    return std::make_unique<Messages>(std::move(*process), std::move(commands->in),
                                      std::move(counts->out), pairs, pieces);
  };
}

}  // namespace socktap::bench
