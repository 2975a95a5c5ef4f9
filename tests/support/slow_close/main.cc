// Threads that all are inside close(2) at the same time: each closes a TCP socket that lingers,
// because its peer does not read what was sent. Says how many sockets were closed, peers included:
//
//   closes=9001

#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>
#include <barrier>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

namespace {

constexpr int linger_seconds = 3;

bool allow_descriptors(rlim_t count) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return false;
  limit.rlim_cur = limit.rlim_max;
  return limit.rlim_max >= count && setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

bool set(int fd, int option, int value) {
  return setsockopt(fd, SOL_SOCKET, option, &value, sizeof value) == 0;
}

int listen_on_loopback(sockaddr_in& address) {
  address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  socklen_t length = sizeof address;
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  if (fd < 0 || !set(fd, SO_RCVBUF, 1)) return -1;  // the least there is; peers inherit it
  if (bind(fd, generic, length) != 0 || listen(fd, 128) != 0) return -1;
  return getsockname(fd, generic, &length) == 0 ? fd : -1;
}

// A connected socket with more in it than its peer takes.
int connect_and_fill(const sockaddr_in& address) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  if (fd < 0 || !set(fd, SO_SNDBUF, 1)) return -1;
  if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return -1;
  const linger lingering{1, linger_seconds};
  if (setsockopt(fd, SOL_SOCKET, SO_LINGER, &lingering, sizeof lingering) != 0) return -1;
  constexpr std::array<char, 4096> data{};
  while (send(fd, data.data(), data.size(), MSG_DONTWAIT | MSG_NOSIGNAL) > 0) {
  }
  return errno == EAGAIN ? fd : -1;
}

struct Pair {
  int lingering = -1;
  int peer = -1;
};

std::vector<Pair> make_pairs(int listener, const sockaddr_in& address, int count) {
  std::vector<Pair> pairs;
  for (int i = 0; i < count; ++i) {
    const int lingering = connect_and_fill(address);
    const int peer = lingering < 0 ? -1 : accept(listener, nullptr, nullptr);
    if (peer < 0) break;
    pairs.push_back({lingering, peer});
  }
  return pairs;
}

void close_all_at_once(const std::vector<Pair>& pairs) {
  std::barrier together(static_cast<std::ptrdiff_t>(pairs.size()));
  std::vector<std::jthread> threads;
  threads.reserve(pairs.size());
  for (const Pair& pair : pairs)
    threads.emplace_back([&together, fd = pair.lingering] {
      together.arrive_and_wait();
      close(fd);
    });
}

int fail(const std::string& what) {
  std::fprintf(stderr, "slow_close: %s: %s\n", what.c_str(), std::strerror(errno));
  return 1;
}

}  // namespace

int main(int argc, char** argv) try {
  int calls = 100;
  std::string count_file;
  CLI::App app{"Many calls of close at once, each of which takes its time"};
  app.add_option("calls", calls, "how many")->check(CLI::Range(1, 100'000));
  app.add_option("--count-file", count_file, "write the count here, not to stdout");
  CLI11_PARSE(app, argc, argv);

  constexpr rlim_t others = 64;  // descriptors
  if (!allow_descriptors(2 * static_cast<rlim_t>(calls) + others)) return fail("descriptors");
  std::FILE* out = count_file.empty() ? stdout : std::fopen(count_file.c_str(), "w");
  if (out == nullptr) return fail(count_file);
  sockaddr_in address;
  const int listener = listen_on_loopback(address);
  if (listener < 0) return fail("listener");
  const std::vector<Pair> pairs = make_pairs(listener, address, calls);
  if (pairs.size() != static_cast<std::size_t>(calls)) return fail("sockets");
  try {
    close_all_at_once(pairs);
  } catch (const std::system_error&) {
    _exit(fail("threads"));  // those that wait for the others never come
  }
  for (const Pair& pair : pairs) close(pair.peer);
  close(listener);
  std::fprintf(out, "closes=%d\n", 2 * calls + 1);
  return std::fclose(out) == 0 ? 0 : 1;
} catch (const std::exception& error) {
  std::fprintf(stderr, "slow_close: %s\n", error.what());
  return 1;
}
