// Messages that reach a socket and fail there.

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <vector>

#include "address.h"
#include "exchange.h"
#include "steps.h"

namespace socktap::workload {
namespace {

void broken_pipe(Workbench& bench, const LinkKind& kind) {
  const auto link = open_link(kind, bench.recorder());
  if (!link) return;
  const int fd = link->sender.fd;
  require(shutdown(fd, SHUT_WR) == 0, "shutdown");
  char bytes[90] = {};
  const iovec part{bytes, 80};
  send_bytes(bench.recorder(), link->sender, -EPIPE, 0, bench.next_size());
  attempt(bench.recorder(), link->sender, {"write", Operation::send, Path::aio_write, 70, -EPIPE},
          [&] { return write(fd, bytes, 70); });
  attempt(bench.recorder(), link->sender, {"writev", Operation::send, Path::writev, 80, -EPIPE},
          [&] { return writev(fd, &part, 1); });
  if (Ring* ring = bench.ring()) {
    const int result = ring->run(uring_entry(IORING_OP_SEND, fd, bytes, 85));
    require(result == -EPIPE, "io_uring send", result);
    bench.recorder().message(link->sender, {.operation = Operation::send,
                                            .paths = {Path::sendmsg},
                                            .offered = 85,
                                            .moved = result,
                                            .begin_mark = mark::uring_begin});
  }
  close_link(*link, bench.recorder());
}

void nothing_there(Workbench& bench, const LinkKind& kind) {
  const auto link = open_link(kind, bench.recorder());
  if (!link) return;
  const int fd = link->receiver.fd;
  receive_bytes(bench.recorder(), link->receiver, -EAGAIN, MSG_DONTWAIT);
  const timeval shortly{0, 10'000};
  require(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &shortly, sizeof shortly) == 0, "SO_RCVTIMEO");
  char room[77];
  attempt(bench.recorder(), link->receiver,
          {"read", Operation::receive, Path::aio_read, sizeof room, -EAGAIN},
          [&] { return read(fd, room, sizeof room); });
  close_link(*link, bench.recorder());
}

// Sends until no more is taken.
void queue_full(Workbench& bench, const LinkKind& kind) {
  const auto link = open_link(kind, bench.recorder());
  if (!link) return;
  const std::vector<char> bytes(kind.is_stream ? 200'000 : 20'000, 'q');
  Recorder& recorder = bench.recorder();
  for (long sent = 0; sent >= 0;) {
    sent = outcome(send(link->sender.fd, bytes.data(), bytes.size(), MSG_DONTWAIT));
    require(sent >= 0 || sent == -EAGAIN, "send until full", sent);
    recorder.message(link->sender, {.operation = Operation::send,
                                    .paths = {Path::sendmsg},
                                    .offered = static_cast<std::int64_t>(bytes.size()),
                                    .moved = sent,
                                    .may_lack_room = true});
  }
  close_link(*link, recorder);
}

void too_large(Workbench& bench, const LinkKind& kind) {
  const auto link = open_link(kind, bench.recorder());
  if (!link) return;
  send_bytes(bench.recorder(), link->sender, -EMSGSIZE, 0, 4'000'000 + bench.next_size());
  close_link(*link, bench.recorder());
}

// One call on a socket fresh from socket(2).
void on_fresh(Workbench& bench, int family, int type, Operation operation, int error) {
  const Socket socket = open_socket(family, type, 0, bench.recorder());
  if (operation == Operation::send) {
    send_bytes(bench.recorder(), socket, error, 0, bench.next_size());
  } else {
    receive_bytes(bench.recorder(), socket, error, MSG_DONTWAIT);
  }
  close_socket(socket, bench.recorder());
}

void nobody_listens(Workbench& bench) {
  Recorder& recorder = bench.recorder();
  const Socket closed = open_udp(AF_INET, recorder);
  const Address nobody = name_of(closed.fd);
  close_socket(closed, recorder);
  const Socket socket = open_udp(AF_INET, recorder);
  connect_to(socket.fd, nobody);
  send_bytes(recorder, socket, static_cast<long>(bench.next_size()));
  send_bytes(recorder, socket, -ECONNREFUSED, 0, bench.next_size());
  send_bytes(recorder, socket, static_cast<long>(bench.next_size()));
  receive_bytes(recorder, socket, -ECONNREFUSED);
  close_socket(socket, recorder);
}

void peer_resets(Workbench& bench) {
  Recorder& recorder = bench.recorder();
  const Link link = open_tcp(AF_INET, recorder);
  const linger at_once{1, 0};
  require(setsockopt(link.sender.fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once) == 0,
          "SO_LINGER");
  close_socket(link.sender, recorder);
  receive_bytes(recorder, link.receiver, -ECONNRESET);
  close_socket(link.receiver, recorder);
}

// The address passes for one until the socket copies from it.
void bad_buffer(Workbench& bench) {
  const Link link = open_pair(AF_UNIX, SOCK_STREAM, 0, bench.recorder());
  void* const unmapped = reinterpret_cast<void*>(0x10);
  attempt(bench.recorder(), link.sender,
          {"send of unmapped bytes", Operation::send, Path::sendmsg, 95, -EFAULT},
          [&] { return send(link.sender.fd, unmapped, 95, 0); });
  close_link(link, bench.recorder());
}

}  // namespace

void add_refused_steps(std::vector<Step>& steps) {
  for (const LinkKind& kind : link_kinds()) {
    const std::string name(kind.name);
    const auto add = [&](const char* what, void (*run)(Workbench&, const LinkKind&)) {
      steps.push_back({"refused/" + std::string(what) + "/" + name,
                       [&kind, run](Workbench& bench) { run(bench, kind); }});
    };
    add("EAGAIN", nothing_there);
    if (kind.is_stream || name == "unix_seqpacket") add("EPIPE", broken_pipe);
    if (kind.is_stream || name == "unix_dgram") add("EAGAIN_full", queue_full);
    if (!kind.is_stream) add("EMSGSIZE", too_large);
  }
  const auto add_fresh = [&](std::string name, int family, int type, Operation operation,
                             int error) {
    steps.push_back({"refused/" + std::move(name),
                     [=](Workbench& bench) { on_fresh(bench, family, type, operation, error); }});
  };
  add_fresh("EPIPE_unconnected/tcp4", AF_INET, SOCK_STREAM, Operation::send, -EPIPE);
  add_fresh("ENOTCONN/tcp4", AF_INET, SOCK_STREAM, Operation::receive, -ENOTCONN);
  add_fresh("ENOTCONN_send/unix_stream", AF_UNIX, SOCK_STREAM, Operation::send, -ENOTCONN);
  add_fresh("EINVAL/unix_stream", AF_UNIX, SOCK_STREAM, Operation::receive, -EINVAL);
  add_fresh("ENOTCONN_send/unix_seqpacket", AF_UNIX, SOCK_SEQPACKET, Operation::send, -ENOTCONN);
  add_fresh("ENOTCONN/unix_seqpacket", AF_UNIX, SOCK_SEQPACKET, Operation::receive, -ENOTCONN);
  add_fresh("ENOTCONN_send/unix_dgram", AF_UNIX, SOCK_DGRAM, Operation::send, -ENOTCONN);
  add_fresh("EDESTADDRREQ/udp4", AF_INET, SOCK_DGRAM, Operation::send, -EDESTADDRREQ);
  add_fresh("EDESTADDRREQ/udp6", AF_INET6, SOCK_DGRAM, Operation::send, -EDESTADDRREQ);
  steps.push_back({"refused/ECONNREFUSED", nobody_listens});
  steps.push_back({"refused/ECONNRESET", peer_resets});
  steps.push_back({"refused/EFAULT", bad_buffer});
}

}  // namespace socktap::workload
