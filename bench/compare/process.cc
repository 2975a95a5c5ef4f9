#include "compare/process.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <fstream>
#include <thread>
#include <utility>

namespace socktap::bench {
namespace {

using Clock = std::chrono::steady_clock;

void use(int fd, int as) {
  const int other = fd >= 0 ? fd : open("/dev/null", O_RDWR | O_CLOEXEC);
  dup2(other, as);
}

void pin_to(int cpu) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(static_cast<std::size_t>(cpu), &set);
  sched_setaffinity(0, sizeof set, &set);
}

std::uint64_t ns_of(const timeval& time) {
  return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000 +
         static_cast<std::uint64_t>(time.tv_usec) * 1'000;
}

[[noreturn]] void become(char* const* words, const Streams& streams, int cpu) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);  // nothing outlives the bench
  setpgid(0, 0);                     // Ctrl-C is the bench's
  use(streams.in, STDIN_FILENO);
  use(streams.out, STDOUT_FILENO);
  use(streams.err, STDERR_FILENO);
  if (cpu != any_cpu) pin_to(cpu);
  execvp(words[0], words);
  std::perror(words[0]);
  _exit(127);
}

}  // namespace

Result<Process> Process::start(const std::vector<std::string>& words, const Streams& streams,
                               int cpu) {
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const pid_t pid = fork();
  if (pid < 0) return system_failure("cannot start " + words[0], errno);
  if (pid == 0) become(arguments.data(), streams, cpu);
  return Process(pid);
}

Process::Process(Process&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), whole_cpu_ns_(other.whole_cpu_ns_) {}

Process& Process::operator=(Process&& other) noexcept {
  std::swap(pid_, other.pid_);
  std::swap(whole_cpu_ns_, other.whole_cpu_ns_);
  return *this;
}

Process::~Process() { end(SIGKILL); }

std::uint64_t Process::cpu_ns() const {
  clockid_t clock{};
  timespec time{};
  if (pid_ < 0 || clock_getcpuclockid(pid_, &clock) != 0 || clock_gettime(clock, &time) != 0)
    return 0;
  return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000 +
         static_cast<std::uint64_t>(time.tv_nsec);
}

// Not ru_maxrss: that remembers the size of who forked.
long Process::peak_kb() const {
  std::ifstream status("/proc/" + std::to_string(pid_) + "/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return std::stol(line.substr(6));
  return 0;
}

bool Process::has_ended() {
  rusage usage{};
  if (pid_ >= 0 && wait4(pid_, nullptr, WNOHANG, &usage) == pid_) {
    pid_ = -1;
    whole_cpu_ns_ = ns_of(usage.ru_utime) + ns_of(usage.ru_stime);
  }
  return pid_ < 0;
}

bool Process::wait(std::chrono::milliseconds within) {
  const auto until = Clock::now() + within;
  while (!has_ended()) {
    if (Clock::now() >= until) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

void Process::end(int signal, std::chrono::milliseconds within) {
  if (has_ended()) return;
  kill(pid_, signal);
  if (wait(within)) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

}  // namespace socktap::bench
