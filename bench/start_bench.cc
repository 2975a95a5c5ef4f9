// What a start costs: CPU time of socktap from exec until the first event's line is in the reader's
// hands, and how long that takes on the clock. The kernel's part (loading, verifying, attaching) is
// in it; the command that makes the event is not.
//
//   start_bench [ROUNDS]

#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

struct Script {
  const char* name;
  const char* text;
};

constexpr Script scripts[] = {
    {"one-liner of six fields",
     "probe socket.send { printf(\"%s(%d) %s %d bytes %s/%s\\n\", execname(), pid(), name, size, "
     "sock_fam_num2str(family), sock_prot_num2str(protocol)) }"},
    {"every point", "probe socket.** { println(name) }"},
};

struct Start {
  double cpu_ms = 0;
  double clock_ms = 0;
};

double milliseconds_of(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

[[noreturn]] void become_socktap(const Script& script, int out) {
  dup2(out, STDOUT_FILENO);
  const std::string command = SOCKTAP_LOAD " --pairs 1 --count-file /dev/null";
  execl(SOCKTAP_BINARY, "socktap", "run", "-e", script.text, "-c", command.c_str(), nullptr);
  std::perror(SOCKTAP_BINARY);
  _exit(127);
}

// Nothing when there was no first line.
bool measure(const Script& script, Start& start) {
  int ends[2];
  if (pipe(ends) != 0) return false;
  const double begin = milliseconds_of(CLOCK_MONOTONIC);
  const pid_t pid = fork();
  if (pid == 0) become_socktap(script, ends[1]);
  close(ends[1]);
  char first = 0;
  const bool came = read(ends[0], &first, 1) == 1;
  clockid_t clock{};
  if (came && clock_getcpuclockid(pid, &clock) == 0) {
    start.cpu_ms = milliseconds_of(clock);
    start.clock_ms = milliseconds_of(CLOCK_MONOTONIC) - begin;
  }
  close(ends[0]);
  waitpid(pid, nullptr, 0);
  return came;
}

void print(const char* what, std::vector<double> values) {
  std::ranges::sort(values);
  std::printf("  %-26s median %6.1f ms   least %6.1f   most %6.1f\n", what,
              values[values.size() / 2], values.front(), values.back());
}

bool measure_all(const Script& script, int rounds) {
  std::vector<double> cpu, clock;
  for (int round = 0; round < rounds; ++round) {
    Start start;
    if (!measure(script, start)) return false;
    cpu.push_back(start.cpu_ms);
    clock.push_back(start.clock_ms);
  }
  std::puts(script.name);
  print("CPU, exec to first event", cpu);
  print("clock, exec to first line", clock);
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = std::max(1, argc > 1 ? std::atoi(argv[1]) : 31);
  for (const Script& script : scripts) {
    if (measure_all(script, rounds)) continue;
    std::fputs("start_bench: socktap printed nothing; see socktap doctor\n", stderr);
    return 1;
  }
  return 0;
}
