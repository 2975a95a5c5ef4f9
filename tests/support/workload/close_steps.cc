// The last reference to a socket goes, or does not.

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <thread>

#include "address.h"
#include "exchange.h"
#include "steps.h"

namespace socktap::workload {
namespace {

Socket fresh(Workbench& bench) { return open_socket(AF_INET, SOCK_STREAM, 0, bench.recorder()); }

// The close of a duplicate releases nothing.
void duplicates(Workbench& bench) {
  const Socket socket = fresh(bench);
  const int copies[] = {dup(socket.fd), fcntl(socket.fd, F_DUPFD_CLOEXEC, 100)};
  for (const int copy : copies) require(copy >= 0 && close(copy) == 0, "close of a duplicate");
  Socket last = socket;
  last.fd = dup(socket.fd);
  require(close(socket.fd) == 0, "close of the original");
  close_socket(last, bench.recorder());
}

void shut_down_first(Workbench& bench) {
  const Link link = open_tcp(AF_INET, bench.recorder());
  require(shutdown(link.sender.fd, SHUT_RDWR) == 0, "shutdown");
  close_link(link, bench.recorder());
}

// Something else takes the descriptor's place.
void replaced(Workbench& bench, const std::function<int(int from, int to)>& replace) {
  const Socket socket = fresh(bench);
  const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
  const Recorder::Closing closing = bench.recorder().closing(socket);
  require(replace(null, socket.fd) == socket.fd, "dup2 over a socket");
  bench.recorder().closed(closing);
  require(close(null) == 0 && close(socket.fd) == 0, "close of files");
}

void replaced_by_socket(Workbench& bench) {
  const Socket gone = open_socket(AF_UNIX, SOCK_DGRAM, 0, bench.recorder());
  const Socket stays = fresh(bench);
  const Recorder::Closing closing = bench.recorder().closing(gone);
  require(dup2(stays.fd, gone.fd) == gone.fd, "dup2 over a socket");
  bench.recorder().closed(closing);
  require(dup2(stays.fd, stays.fd) == stays.fd, "dup2 over itself");
  require(close(stays.fd) == 0, "close of a duplicate");
  Socket last = stays;
  last.fd = gone.fd;
  close_socket(last, bench.recorder());
}

// Descriptors in a row, high up: three sockets, and a duplicate that releases nothing.
void by_range(Workbench& bench) {
  constexpr int first = 200;
  Recorder::Closing closings[3];
  for (int i = 0; i < 3; ++i) {
    Socket socket = open_socket(i == 1 ? AF_UNIX : AF_INET, SOCK_STREAM, 0, bench.recorder());
    require(fcntl(socket.fd, F_DUPFD, first + i) == first + i && close(socket.fd) == 0, "F_DUPFD");
    socket.fd = first + i;
    closings[i] = bench.recorder().closing(socket);
  }
  const Socket kept = fresh(bench);
  require(dup2(kept.fd, first + 3) == first + 3, "dup2");
  require(syscall(SYS_close_range, first, first + 20, 0) == 0, "close_range");
  for (const Recorder::Closing& closing : closings) bench.recorder().closed(closing);
  close_socket(kept, bench.recorder());
}

// Two threads close the same descriptor at once: one of them fails.
void closed_twice(Workbench& bench) {
  constexpr int rounds = 50;
  for (int round = 0; round < rounds; ++round) {
    const Socket socket = fresh(bench);
    bench.recorder().will_close(bench.recorder().closing(socket), getpid(), std::nullopt);
    std::atomic<int> ready = 0;
    std::atomic<int> successes = 0;
    const auto close_it = [&] {
      for (++ready; ready < 2;) std::this_thread::yield();
      if (close(socket.fd) == 0) ++successes;
    };
    std::thread one(close_it);
    std::thread other(close_it);
    one.join();
    other.join();
    require(successes == 1, "one of two closes", successes);
  }
}

// A connection that nobody accepted has no socket yet.
void never_accepted(Workbench& bench) {
  const Connection made = connect_tcp(AF_INET, bench.recorder());
  close_socket(made.listener, bench.recorder());
  close_socket(made.client, bench.recorder());
}

void send_descriptor(Recorder& recorder, const Socket& through, int fd) {
  char byte = 'd';
  iovec part{&byte, 1};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof fd)] = {};
  msghdr header{};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  header.msg_control = control;
  header.msg_controllen = sizeof control;
  cmsghdr* const rights = CMSG_FIRSTHDR(&header);
  rights->cmsg_level = SOL_SOCKET;
  rights->cmsg_type = SCM_RIGHTS;
  rights->cmsg_len = CMSG_LEN(sizeof fd);
  std::memcpy(CMSG_DATA(rights), &fd, sizeof fd);
  attempt(recorder, through, {"sendmsg", Operation::send, Path::sendmsg, 1, 1},
          [&] { return sendmsg(through.fd, &header, 0); });
}

int receive_descriptor(Recorder& recorder, const Socket& through) {
  char byte = 0;
  iovec part{&byte, 1};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
  msghdr header{};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  header.msg_control = control;
  header.msg_controllen = sizeof control;
  attempt(recorder, through, {"recvmsg", Operation::receive, Path::recvmsg, 1, 1},
          [&] { return recvmsg(through.fd, &header, MSG_CMSG_CLOEXEC); });
  int fd = -1;
  std::memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&header)), sizeof fd);
  return fd;
}

// In flight it is still open; the receiver's descriptor is the last.
void passed_on(Workbench& bench) {
  const Link link = open_pair(AF_UNIX, SOCK_STREAM, 0, bench.recorder());
  Socket socket = fresh(bench);
  send_descriptor(bench.recorder(), link.sender, socket.fd);
  require(close(socket.fd) == 0, "close");
  socket.fd = receive_descriptor(bench.recorder(), link.receiver);
  close_socket(socket, bench.recorder());
  close_link(link, bench.recorder());
}

// Dropped with the socket that held it.
void dropped_in_flight(Workbench& bench) {
  const Link link = open_pair(AF_UNIX, SOCK_STREAM, 0, bench.recorder());
  const Socket socket = fresh(bench);
  send_descriptor(bench.recorder(), link.sender, socket.fd);
  const Recorder::Closing closing = bench.recorder().closing(socket);
  require(close(socket.fd) == 0, "close");
  close_socket(link.sender, bench.recorder());
  close_socket(link.receiver, bench.recorder());
  bench.recorder().closed(closing, mark::close_otherwise);
}

void by_uring(Workbench& bench) {
  Ring* const ring = bench.ring();
  if (ring == nullptr) return bench.recorder().skipped("no io_uring");
  const Socket socket = fresh(bench);
  const Recorder::Closing closing = bench.recorder().closing(socket);
  const int result = ring->run(uring_entry(IORING_OP_CLOSE, socket.fd, nullptr, 0));
  require(result == 0, "io_uring close", result);
  bench.recorder().closed(closing, mark::close_otherwise);
}

}  // namespace

void add_close_steps(std::vector<Step>& steps) {
  steps.push_back({"close/duplicates", duplicates});
  steps.push_back({"close/shut_down_first", shut_down_first});
  steps.push_back({"close/dup2_over", [](Workbench& bench) {
                     replaced(bench, [](int from, int to) { return dup2(from, to); });
                   }});
  steps.push_back({"close/dup3_over", [](Workbench& bench) {
                     replaced(bench, [](int from, int to) { return dup3(from, to, O_CLOEXEC); });
                   }});
  steps.push_back({"close/dup2_of_socket_over", replaced_by_socket});
  steps.push_back({"close/close_range", by_range});
  steps.push_back({"close/closed_twice", closed_twice});
  steps.push_back({"close/never_accepted", never_accepted});
  steps.push_back({"close/passed_on", passed_on});
  steps.push_back({"close/dropped_in_flight", dropped_in_flight});
  steps.push_back({"close/by_uring", by_uring});
}

}  // namespace socktap::workload
