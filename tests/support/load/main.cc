// Threads that each send and receive one-byte messages over an AF_UNIX socket pair of their own as
// fast as they can or are let, for a number of messages or a time. Says how many they made, and how
// much time of a CPU these threads had meanwhile:
//
//   sends=1000000 receives=1000000 seconds=0.710 cpu_ns=709000000
//
// With --tcp the two sockets are the ends of a TCP connection over 127.0.0.1, with --calls they
// make system calls about no socket instead, two for each pair, and with --commanded it reads
// numbers of pairs from standard input, makes these, and prints a line for each.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <iostream>
#include <map>
#include <string>
#include <thread>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

struct Options {
  std::uint64_t pairs = 0;  // of a send and a receive, by each thread; 0: until the time is over
  double seconds = 0;
  unsigned threads = 1;
  int type = SOCK_DGRAM;
  bool tcp = false;
  int cpu = -1;
  int interval_ms = 0;             // between one pair and the next
  double rate = 0;                 // pairs a second and thread at most; 0: as many as it can
  std::vector<std::string> names;  // of the thread, one after another, a pair each
  std::uint64_t first = 0;         // the number of the first pair among all that were commanded
  bool calls = false;
  bool spread = false;  // each thread on a CPU of its own
  bool commanded = false;
  std::string count_file;
};

struct Count {
  std::uint64_t sends = 0;
  std::uint64_t receives = 0;
  std::uint64_t cpu_ns = 0;
};

void pin_to(int cpu) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(static_cast<std::size_t>(cpu), &set);
  if (sched_setaffinity(0, sizeof set, &set) != 0) std::perror("load: sched_setaffinity");
}

// The clock is read once in a while only: it would be a good part of the load.
constexpr std::uint64_t pairs_between_looks = 1024;

// Waits while more pairs were made than the rate allows.
void keep_to(double rate, std::uint64_t pairs, Clock::time_point start) {
  const std::chrono::duration<double> due(static_cast<double>(pairs) / rate);
  std::this_thread::sleep_until(start + std::chrono::duration_cast<Clock::duration>(due));
}

std::uint64_t thread_cpu_ns() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000 +
         static_cast<std::uint64_t>(time.tv_nsec);
}

// Keys for scripts that go by name.
std::vector<std::string> make_names(std::uint32_t count) {
  std::vector<std::string> names;
  for (std::uint32_t i = 0; i < count; ++i) names.push_back("key" + std::to_string(i));
  return names;
}

void take_name(const Options& options, std::uint64_t pair) {
  if (options.names.empty()) return;
  prctl(PR_SET_NAME, options.names[(options.first + pair) % options.names.size()].c_str());
}

// A message and its receipt, or two calls.
bool make_pair(const Options& options, int out, int in) {
  if (options.calls) return syscall(SYS_getppid) >= 0 && syscall(SYS_getppid) >= 0;
  char byte = 'x';
  return send(out, &byte, 1, 0) == 1 && recv(in, &byte, 1, 0) == 1;
}

Count exchange(const Options& options, int out, int in) {
  const auto start = Clock::now();
  const auto until = start + std::chrono::duration<double>(options.seconds);
  const std::uint64_t cpu_before = thread_cpu_ns();
  Count count;
  while (options.pairs == 0 || count.sends < options.pairs) {
    if (options.interval_ms > 0 || count.sends % pairs_between_looks == 0) {
      if (options.rate > 0) keep_to(options.rate, count.sends, start);
      if (options.pairs == 0 && Clock::now() >= until) break;
    }
    take_name(options, count.sends);
    if (!make_pair(options, out, in)) break;
    ++count.sends;
    ++count.receives;
    if (options.interval_ms > 0) usleep(static_cast<useconds_t>(options.interval_ms) * 1000);
  }
  count.cpu_ns = thread_cpu_ns() - cpu_before;
  return count;
}

// Each message goes at once, acknowledged or not.
bool connect_by_tcp(int sockets[2]) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  sockets[0] = socket(AF_INET, SOCK_STREAM, 0);
  if (bind(listener, any, length) != 0 || listen(listener, 1) != 0 ||
      getsockname(listener, any, &length) != 0 || connect(sockets[0], any, length) != 0)
    return false;
  sockets[1] = accept(listener, nullptr, nullptr);
  close(listener);
  const int yes = 1;
  return sockets[1] >= 0 && setsockopt(sockets[0], IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes) == 0;
}

bool connect_sockets(const Options& options, int sockets[2]) {
  if (options.tcp) return connect_by_tcp(sockets);
  return socketpair(AF_UNIX, options.type, 0, sockets) == 0;
}

Count run_thread(const Options& options) {
  int sockets[2];
  if (!connect_sockets(options, sockets)) {
    std::perror("load: cannot connect two sockets");
    return {};
  }
  const Count count = exchange(options, sockets[0], sockets[1]);
  close(sockets[0]);
  close(sockets[1]);
  return count;
}

Count run(const Options& options) {
  std::vector<Count> counts(options.threads);
  std::vector<std::thread> others;
  for (unsigned i = 1; i < options.threads; ++i) {
    others.emplace_back([&, i] {
      if (options.spread) pin_to(static_cast<int>(i));
      counts[i] = run_thread(options);
    });
  }
  if (options.spread) pin_to(0);
  counts[0] = run_thread(options);
  for (std::thread& other : others) other.join();
  Count total;
  for (const Count& count : counts) {
    total.sends += count.sends;
    total.receives += count.receives;
    total.cpu_ns += count.cpu_ns;
  }
  return total;
}

void print_count(std::FILE* out, const Count& count, Clock::duration taken) {
  std::fprintf(
      out, "sends=%llu receives=%llu seconds=%.3f cpu_ns=%llu\n",
      static_cast<unsigned long long>(count.sends), static_cast<unsigned long long>(count.receives),
      std::chrono::duration<double>(taken).count(), static_cast<unsigned long long>(count.cpu_ns));
}

bool run_once(const Options& options) {
  const auto start = Clock::now();
  const Count count = run(options);
  const auto taken = Clock::now() - start;
  std::FILE* out =
      options.count_file.empty() ? stdout : std::fopen(options.count_file.c_str(), "w");
  if (out == nullptr) {
    std::perror(options.count_file.c_str());
    return false;
  }
  print_count(out, count, taken);
  return std::fclose(out) == 0;
}

void run_on_command(Options options) {
  while (std::cin >> options.pairs) {
    const auto start = Clock::now();
    const Count count = run(options);
    print_count(stdout, count, Clock::now() - start);
    std::fflush(stdout);
    options.first += options.pairs;
  }
}

}  // namespace

int main(int argc, char** argv) try {
  Options options;
  std::uint32_t names = 0;
  CLI::App app{"Makes small messages as fast as it can"};
  auto* pairs = app.add_option("--pairs", options.pairs, "each thread: this many sends, receives");
  app.add_option("--seconds", options.seconds, "or as many as this time allows")->excludes(pairs);
  app.add_option("--threads", options.threads, "this many at once")->check(CLI::Range(1, 64));
  app.add_option("--type", options.type, "of the sockets: dgram, stream or seqpacket")
      ->transform(CLI::CheckedTransformer(std::map<std::string, int>{
          {"dgram", SOCK_DGRAM}, {"stream", SOCK_STREAM}, {"seqpacket", SOCK_SEQPACKET}}));
  app.add_flag("--tcp", options.tcp, "over TCP connections, not socket pairs");
  app.add_option("--interval-ms", options.interval_ms, "wait after each pair");
  app.add_option("--rate", options.rate, "each thread: at most this many pairs a second");
  app.add_option("--cpu", options.cpu, "stay on this CPU");
  app.add_flag("--spread", options.spread, "each thread on a CPU of its own");
  app.add_option("--names", names, "each thread goes by so many names, one a pair in turn")
      ->check(CLI::Range(1, 1000000));
  app.add_flag("--calls", options.calls, "system calls that are about no socket, two for a pair");
  app.add_flag("--commanded", options.commanded, "read numbers of pairs from standard input");
  app.add_option("--count-file", options.count_file, "write the count here, not to stdout");
  CLI11_PARSE(app, argc, argv);
  if (options.pairs == 0 && options.seconds <= 0) options.seconds = 1;
  options.names = make_names(names);
  if (options.cpu >= 0) pin_to(options.cpu);
  if (!options.commanded) return run_once(options) ? 0 : 1;
  run_on_command(options);
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "load: %s\n", error.what());
  return 1;
}
