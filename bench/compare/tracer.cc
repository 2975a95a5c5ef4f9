#include "compare/tracer.h"

#include <signal.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

namespace socktap::bench {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto longest_start = 20s;
constexpr auto longest_settling = 10s;

std::size_t perf_events_of(pid_t pid) {
  std::size_t count = 0;
  std::error_code ended;
  const auto folder = "/proc/" + std::to_string(pid) + "/fd";
  for (const auto& entry : std::filesystem::directory_iterator(folder, ended)) {
    const auto target = std::filesystem::read_symlink(entry.path(), ended);
    if (target == "anon_inode:[perf_event]") ++count;
  }
  return count;
}

pid_t tracer_of(pid_t pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("TracerPid:")) return static_cast<pid_t>(std::stol(line.substr(10)));
  return 0;
}

// Output goes to "printed" or, of programs that write it to a file by themselves, to "written".
std::string output_of(const Scratch& scratch) {
  return scratch.text("printed") + scratch.text("written");
}

}  // namespace

Result<Tracer> Tracer::start(const Subject& subject, const Tools& tools, pid_t traced,
                             const Scratch& scratch) {
  const auto words =
      tools.command(subject.tool, arguments_of(subject, traced, scratch.path("written")));
  if (!words) return tl::unexpected(words.error());
  scratch.write("written", "");
  const UniqueFd out = scratch.create("printed");
  const UniqueFd err = scratch.create("errors");
  auto process = Process::start(*words, {-1, out.get(), err.get()});
  if (!process) return tl::unexpected(process.error());
  Tracer tracer(subject, scratch, std::move(*process));
  if (auto ready = tracer.wait_until_ready(traced); !ready) return tl::unexpected(ready.error());
  return tracer;
}

bool Tracer::is_ready(pid_t traced) const {
  switch (subject_->ready()) {
    case Ready::says_so:
      return scratch_->text("printed").find("ready\n") != std::string::npos;
    case Ready::has_perf_events:
      return perf_events_of(process_.pid()) >= 2;
    case Ready::is_tracer:
      return tracer_of(traced) == process_.pid();
  }
  return false;
}

Result<void> Tracer::wait_until_ready(pid_t traced) {
  const auto start = Clock::now();
  while (!is_ready(traced)) {
    const bool ended = process_.has_ended();
    if (ended || Clock::now() - start > longest_start) {
      return failure(std::string(subject_->name) +
                         (ended ? " ended before it was attached" : " does not become ready"),
                     scratch_->text("errors"));
    }
    std::this_thread::sleep_for(1ms);
  }
  ready_ms_ = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
  // Those that do not say so have a little left to do; so has whoever says so before it is.
  if (subject_->tool != Tool::socktap && subject_->tool != Tool::floor)
    std::this_thread::sleep_for(200ms);
  return {};
}

std::uint64_t Tracer::settled_cpu_ns() const {
  const auto until = Clock::now() + longest_settling;
  std::uint64_t last = cpu_ns();
  for (int still = 0; still < 2 && Clock::now() < until;) {
    std::this_thread::sleep_for(25ms);
    const std::uint64_t now = cpu_ns();
    still = now - last < 1'500'000 ? still + 1 : 0;
    last = now;
  }
  return last;
}

Tracer::Account Tracer::end() {
  process_.end(SIGINT);
  Account account;
  const std::string errors = scratch_->text("errors");
  account.lost = lost_in_words(errors);
  if (subject_->seen != nullptr) {
    const std::string output = output_of(*scratch_);
    account.seen = subject_->seen(subject_->tool == Tool::perf ? output + errors : output);
  }
  return account;
}

}  // namespace socktap::bench
