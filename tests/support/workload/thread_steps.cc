// Several threads, each with its own order, and signals that cut a receive short.

#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "exchange.h"
#include "steps.h"

namespace socktap::workload {
namespace {

// What the socket layer returns for an interrupted call; the program sees EINTR or a restart.
constexpr int erestartsys = 512;

// The calling thread stays on one CPU while it lives.
class Pinned {
 public:
  explicit Pinned(int cpu) {
    sched_getaffinity(0, sizeof before_, &before_);
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(static_cast<std::size_t>(cpu), &one);
    sched_setaffinity(0, sizeof one, &one);  // one CPU only: then both share it
  }
  ~Pinned() { sched_setaffinity(0, sizeof before_, &before_); }

 private:
  cpu_set_t before_{};
};

void ping_pong(Workbench& bench) {
  constexpr int rounds = 50;
  const Link link = open_tcp(AF_INET, bench.recorder());
  std::thread ponger([&] {
    prctl(PR_SET_NAME, "ponger");
    const Pinned there(1);
    for (int i = 0; i < rounds; ++i) {
      receive_bytes(bench.recorder(), link.receiver, 2 * i + 1);
      send_bytes(bench.recorder(), link.receiver, 2 * i + 2);
    }
  });
  const Pinned here(0);
  for (int i = 0; i < rounds; ++i) {
    send_bytes(bench.recorder(), link.sender, 2 * i + 1);
    receive_bytes(bench.recorder(), link.sender, 2 * i + 2);
  }
  ponger.join();
  close_link(link, bench.recorder());
}

void many_threads(Workbench& bench) {
  constexpr int count = 4;
  std::vector<std::thread> threads;
  threads.reserve(count);
  for (int i = 0; i < count; ++i) {
    threads.emplace_back([&bench, i] {
      prctl(PR_SET_NAME, ("talker" + std::to_string(i)).c_str());
      const Link link = open_pair(AF_UNIX, SOCK_DGRAM, 0, bench.recorder());
      for (int n = 0; n < 25; ++n) {
        send_bytes(bench.recorder(), link.sender, 1000 * (i + 1) + n);
        receive_bytes(bench.recorder(), link.receiver, 1000 * (i + 1) + n);
      }
      close_link(link, bench.recorder());
    });
  }
  for (std::thread& thread : threads) thread.join();
}

// Waits until a thread of this process sleeps in the system call `number`.
void wait_until_it_sleeps(pid_t thread, long number) {
  const std::string path = "/proc/self/task/" + std::to_string(thread) + "/syscall";
  for (int tries = 0; tries < 20'000; ++tries, usleep(500)) {
    long current = -1;  // the file says "running" where there is none
    if (std::ifstream(path) >> current && current == number) return;
  }
  require(false, "a thread to fall asleep", static_cast<int>(number));
}

// Sends the calling thread a signal as soon as it sleeps in the system call `number`. The handler
// does nothing but end the call, or let it restart.
class Interruption {
 public:
  Interruption(int flags, long number) {
    handled = false;
    struct sigaction action {};
    action.sa_handler = [](int) { handled = true; };
    action.sa_flags = flags;
    sigaction(SIGALRM, &action, &before_);
    thread_ = std::thread([thread = gettid(), number] {
      wait_until_it_sleeps(thread, number);
      tgkill(getpid(), thread, SIGALRM);
    });
  }
  ~Interruption() {
    thread_.join();
    sigaction(SIGALRM, &before_, nullptr);
  }

  static inline std::atomic<bool> handled = false;

 private:
  struct sigaction before_ {};
  std::thread thread_;
};

void interrupted(Workbench& bench) {
  const Link link = open_pair(AF_UNIX, SOCK_STREAM, 0, bench.recorder());
  char room[66];
  const Interruption interruption(0, SYS_recvfrom);
  const long result = outcome(recv(link.receiver.fd, room, sizeof room, 0));
  require(result == -EINTR, "interrupted recv", result);
  bench.recorder().message(link.receiver, {.operation = Operation::receive,
                                           .paths = {Path::recvmsg},
                                           .offered = sizeof room,
                                           .moved = -erestartsys});
  close_link(link, bench.recorder());
}

// The program sees one read, the socket layer two.
void restarted(Workbench& bench) {
  const Link link = open_tcp(AF_INET, bench.recorder());
  const long size = static_cast<long>(bench.next_size());
  std::vector<char> room(static_cast<std::size_t>(size) + 31);
  const Interruption interruption(SA_RESTART, SYS_read);
  std::thread sender([&, reader = gettid()] {
    prctl(PR_SET_NAME, "late_sender");
    while (!Interruption::handled) usleep(500);
    wait_until_it_sleeps(reader, SYS_read);
    send_bytes(bench.recorder(), link.sender, size);
  });
  const long result = outcome(read(link.receiver.fd, room.data(), room.size()));
  require(result == size, "restarted read", result);
  for (const long moved : {-static_cast<long>(erestartsys), size}) {
    bench.recorder().message(link.receiver, {.operation = Operation::receive,
                                             .paths = {Path::aio_read},
                                             .offered = static_cast<std::int64_t>(room.size()),
                                             .moved = moved});
  }
  sender.join();
  close_link(link, bench.recorder());
}

}  // namespace

void add_thread_steps(std::vector<Step>& steps) {
  steps.push_back({"threads/ping_pong", ping_pong});
  steps.push_back({"threads/many", many_threads});
  steps.push_back({"signals/interrupted", interrupted});
  steps.push_back({"signals/restarted", restarted});
}

}  // namespace socktap::workload
