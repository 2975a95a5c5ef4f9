// Sockets released by the end of a process or of its program.

#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "exchange.h"
#include "steps.h"

namespace socktap::workload {
namespace {

// Runs `body` in a child, which must end with `status` (as waitpid tells it).
void in_child(const std::function<void()>& body, int status = 0) {
  const pid_t child = fork();
  require(child >= 0, "fork");
  if (child == 0) {
    prctl(PR_SET_NAME, "child");
    body();
    _exit(0);
  }
  int ended = 0;
  require(waitpid(child, &ended, 0) == child && ended == status, "child", ended);
}

void promise_release(Recorder& recorder, const Socket& socket) {
  recorder.will_close(recorder.closing(socket), getpid(), gettid());
}

void exit_with_two(Workbench& bench) {
  in_child([&] {
    const Socket first = open_socket(AF_INET, SOCK_STREAM, 0, bench.recorder());
    const Socket second = open_socket(AF_UNIX, SOCK_DGRAM, 0, bench.recorder());
    // The kernel releases them in the order it likes.
    for (const Socket* socket : {&first, &second})
      bench.recorder().will_close(bench.recorder().closing(*socket), getpid(), std::nullopt);
  });
}

void killed(Workbench& bench) {
  in_child(
      [&] {
        const Socket socket = open_socket(AF_INET, SOCK_DGRAM, 0, bench.recorder());
        promise_release(bench.recorder(), socket);
        kill(getpid(), SIGKILL);
      },
      SIGKILL);
}

// Any of the threads may be the last one out.
void exit_of_threads(Workbench& bench) {
  in_child([&] {
    const Socket socket = open_socket(AF_INET, SOCK_STREAM, 0, bench.recorder());
    bench.recorder().will_close(bench.recorder().closing(socket), getpid(), std::nullopt);
    std::thread([] { pause(); }).detach();
    usleep(5'000);
  });
}

// One socket goes with execve, the other when the new program ends.
void execute(Workbench& bench) {
  in_child([&] {
    const Socket stays = open_socket(AF_INET, SOCK_DGRAM, 0, bench.recorder());
    const Socket goes = open_socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, bench.recorder());
    promise_release(bench.recorder(), goes);
    promise_release(bench.recorder(), stays);
    execl("/proc/self/exe", "workload", "--exit-at-once", nullptr);
    _exit(1);
  });
}

// The parent's close is not the last: the child still has the socket.
void inherited(Workbench& bench) {
  const Socket socket = open_socket(AF_INET, SOCK_STREAM, 0, bench.recorder());
  int release[2];
  require(pipe(release) == 0, "pipe");
  const pid_t child = fork();
  if (child == 0) {
    prctl(PR_SET_NAME, "heir");
    char byte = 0;
    require(read(release[0], &byte, 1) == 1, "read from a pipe");
    promise_release(bench.recorder(), socket);
    _exit(0);
  }
  require(close(socket.fd) == 0, "close");
  require(write(release[1], "g", 1) == 1, "write to a pipe");
  int ended = 0;
  require(waitpid(child, &ended, 0) == child && ended == 0, "heir", ended);
  close(release[0]);
  close(release[1]);
}

// The child's exit is not the last: the parent still has the socket.
void lent(Workbench& bench) {
  const Link link = open_pair(AF_UNIX, SOCK_STREAM, 0, bench.recorder());
  in_child([&] {
    send_bytes(bench.recorder(), link.sender, 23);
    receive_bytes(bench.recorder(), link.receiver, 23);
  });
  close_link(link, bench.recorder());
}

// More descriptors than fit in one page of them, each socket with two that are far apart.
void exit_with_many(Workbench& bench) {
  constexpr rlim_t descriptors = 4'300;
  rlimit limit{};
  require(getrlimit(RLIMIT_NOFILE, &limit) == 0, "getrlimit");
  if (limit.rlim_max < descriptors) return bench.recorder().skipped("RLIMIT_NOFILE is too low");
  in_child([&] {
    limit.rlim_cur = descriptors;
    require(setrlimit(RLIMIT_NOFILE, &limit) == 0, "setrlimit");
    std::vector<Socket> sockets;
    for (int i = 0; i < 2'100; ++i) {
      sockets.push_back(open_socket(AF_INET, SOCK_DGRAM, 0, bench.recorder()));
      promise_release(bench.recorder(), sockets.back());
    }
    for (const Socket& socket : sockets) require(dup(socket.fd) >= 0, "dup");
  });
}

// Processes that have the same sockets end together: any of them may be the last to let go.
void killed_together(Workbench& bench) {
  constexpr int rounds = 20;
  for (int round = 0; round < rounds; ++round) {
    const Link link = open_pair(AF_UNIX, SOCK_STREAM, 0, bench.recorder());
    for (const Socket& socket : {link.sender, link.receiver}) {
      bench.recorder().will_close(bench.recorder().closing(socket), std::nullopt, std::nullopt);
    }
    pid_t holders[4];
    for (pid_t& holder : holders) {
      holder = fork();
      require(holder >= 0, "fork");
      if (holder != 0) continue;
      prctl(PR_SET_NAME, "holder");
      for (;;) pause();
    }
    require(close(link.sender.fd) == 0 && close(link.receiver.fd) == 0, "close");
    for (const pid_t holder : holders) kill(holder, SIGKILL);
    for (const pid_t holder : holders)
      require(waitpid(holder, nullptr, 0) == holder, "waitpid", holder);
  }
}

// Threads that end while others of their process do, with the descriptors in use to the last.
void exit_of_many_threads(Workbench& bench) {
  constexpr int rounds = 10;
  for (int round = 0; round < rounds; ++round) {
    in_child([&] {
      const Socket socket = open_socket(AF_INET, SOCK_STREAM, 0, bench.recorder());
      bench.recorder().will_close(bench.recorder().closing(socket), getpid(), std::nullopt);
      for (int i = 0; i < 6; ++i) std::thread([] { pause(); }).detach();
      usleep(1'000);
    });
  }
}

// A thread that shares its descriptors with nobody takes its sockets with it.
void thread_with_own_descriptors(Workbench& bench) {
  std::atomic<pid_t> id = 0;
  std::thread thread([&] {
    id = gettid();
    require(unshare(CLONE_FILES) == 0, "unshare");
    const Socket socket = open_socket(AF_INET, SOCK_STREAM, 0, bench.recorder());
    promise_release(bench.recorder(), socket);
  });
  thread.join();
  // Joined, it need not be gone.
  while (access(("/proc/self/task/" + std::to_string(id)).c_str(), F_OK) == 0) usleep(100);
}

}  // namespace

void add_process_steps(std::vector<Step>& steps) {
  steps.push_back({"process/exit_with_two", exit_with_two});
  steps.push_back({"process/killed", killed});
  steps.push_back({"process/exit_of_threads", exit_of_threads});
  steps.push_back({"process/exit_of_many_threads", exit_of_many_threads});
  steps.push_back({"process/thread_with_own_descriptors", thread_with_own_descriptors});
  steps.push_back({"process/exit_with_many", exit_with_many});
  steps.push_back({"process/killed_together", killed_together});
  steps.push_back({"process/execve", execute});
  steps.push_back({"process/inherited", inherited});
  steps.push_back({"process/lent", lent});
}

}  // namespace socktap::workload
