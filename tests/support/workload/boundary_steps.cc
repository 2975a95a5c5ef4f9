// What is at the edge of being a message: peeks, truncation, end of file, nothing at all.

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>

#include "address.h"
#include "exchange.h"
#include "message_parts.h"
#include "steps.h"

namespace socktap::workload {
namespace {

void peek(Workbench& bench, const LinkKind& kind) {
  const auto link = open_link(kind, bench.recorder());
  if (!link) return;
  const long size = static_cast<long>(bench.next_size());
  send_bytes(bench.recorder(), link->sender, size);
  receive_bytes(bench.recorder(), link->receiver, size + kind.added_on_receipt, MSG_PEEK);
  receive_bytes(bench.recorder(), link->receiver, size + kind.added_on_receipt);
  close_link(*link, bench.recorder());
}

// Ten bytes of room: what is cut off is counted only where MSG_TRUNC asks for it.
void truncate(Workbench& bench, const LinkKind& kind, int flags) {
  const auto link = open_link(kind, bench.recorder());
  if (!link) return;
  const long size = static_cast<long>(bench.next_size());
  send_bytes(bench.recorder(), link->sender, size);
  char room[10];
  const bool full_length = flags == MSG_TRUNC && !kind.is_stream;
  attempt(bench.recorder(), link->receiver,
          {"truncated recv", Operation::receive, Path::recvmsg, sizeof room,
           full_length ? size + kind.added_on_receipt : 10},
          [&] { return recv(link->receiver.fd, room, sizeof room, flags); });
  close_link(*link, bench.recorder());
}

void end_of_file(Workbench& bench, const LinkKind& kind) {
  const auto link = open_link(kind, bench.recorder());
  if (!link) return;
  const int fd = link->receiver.fd;
  require(shutdown(link->sender.fd, SHUT_WR) == 0, "shutdown");
  char room[64];
  const iovec part{room, 48};
  attempt(bench.recorder(), link->receiver,
          {"recv at the end", Operation::receive, Path::recvmsg, 64, 0},
          [&] { return recv(fd, room, 64, 0); });
  attempt(bench.recorder(), link->receiver,
          {"read at the end", Operation::receive, Path::aio_read, 56, 0},
          [&] { return read(fd, room, 56); });
  attempt(bench.recorder(), link->receiver,
          {"readv at the end", Operation::receive, Path::readv, 48, 0},
          [&] { return readv(fd, &part, 1); });
  close_link(*link, bench.recorder());
}

void nothing(Workbench& bench, const LinkKind& kind) {
  const auto link = open_link(kind, bench.recorder());
  if (!link) return;
  const int from = link->sender.fd;
  char room[80];
  attempt(bench.recorder(), link->sender, {"send of nothing", Operation::send, Path::sendmsg, 0, 0},
          [&] { return send(from, "", 0, 0); });
  attempt(bench.recorder(), link->sender,
          {"write of nothing", Operation::send, Path::aio_write, 0, 0},
          [&] { return write(from, "", 0); });
  if (!kind.is_stream) {
    receive_bytes(bench.recorder(), link->receiver, kind.added_on_receipt);
    attempt(bench.recorder(), link->receiver,
            {"read of an empty datagram", Operation::receive, Path::aio_read, sizeof room,
             kind.added_on_receipt},
            [&] { return read(link->receiver.fd, room, sizeof room); });
  }
  close_link(*link, bench.recorder());
}

// recv(2) with no room reaches the socket; read(2) does not (no_message_steps.cc).
void no_room(Workbench& bench) {
  const Link link = open_pair(AF_UNIX, SOCK_DGRAM, 0, bench.recorder());
  send_bytes(bench.recorder(), link.sender, static_cast<long>(bench.next_size()));
  attempt(bench.recorder(), link.receiver,
          {"recv into nothing", Operation::receive, Path::recvmsg, 0, 0},
          [&] { return recv(link.receiver.fd, nullptr, 0, 0); });
  close_link(link, bench.recorder());
}

void wait_for_all(Workbench& bench) {
  const Link link = open_tcp(AF_INET, bench.recorder());
  const long first = static_cast<long>(bench.next_size());
  const long second = static_cast<long>(bench.next_size());
  send_bytes(bench.recorder(), link.sender, first, MSG_MORE);
  send_bytes(bench.recorder(), link.sender, second);
  std::vector<char> room(static_cast<std::size_t>(first + second));
  attempt(bench.recorder(), link.receiver,
          {"recv of all", Operation::receive, Path::recvmsg, room.size(), first + second},
          [&] { return recv(link.receiver.fd, room.data(), room.size(), MSG_WAITALL); });
  close_link(link, bench.recorder());
}

void out_of_band(Workbench& bench) {
  const Link link = open_tcp(AF_INET, bench.recorder());
  send_bytes(bench.recorder(), link.sender, 1, MSG_OOB);
  receive_bytes(bench.recorder(), link.receiver, 1, MSG_OOB);
  close_link(link, bench.recorder());
}

void error_queue(Workbench& bench) {
  Recorder& recorder = bench.recorder();
  const Socket closed = open_udp(AF_INET, recorder);
  const Address nobody = name_of(closed.fd);
  close_socket(closed, recorder);
  const Socket socket = open_udp(AF_INET, recorder);
  const int on = 1;
  require(setsockopt(socket.fd, IPPROTO_IP, IP_RECVERR, &on, sizeof on) == 0, "IP_RECVERR");
  connect_to(socket.fd, nobody);
  const long size = static_cast<long>(bench.next_size());
  send_bytes(recorder, socket, size);
  receive_bytes(recorder, socket, size, MSG_ERRQUEUE);
  close_socket(socket, recorder);
}

// The send that connects: the state is another at its end.
void fast_open(Workbench& bench) {
  Recorder& recorder = bench.recorder();
  const Socket listener = open_socket(AF_INET, SOCK_STREAM, 0, recorder);
  bind_to(listener.fd, loopback(AF_INET));
  require(listen(listener.fd, 1) == 0, "listen");
  Socket client = open_socket(AF_INET, SOCK_STREAM, 0, recorder);
  const Address address = name_of(listener.fd);
  const std::vector<char> bytes(bench.next_size(), 'o');
  const long sent = outcome(
      sendto(client.fd, bytes.data(), bytes.size(), MSG_FASTOPEN, address.get(), address.length));
  require(sent == static_cast<long>(bytes.size()), "MSG_FASTOPEN", sent);
  client.state = connected;
  recorder.message(client, {.operation = Operation::send,
                            .paths = {Path::sendmsg},
                            .offered = sent,
                            .moved = sent,
                            .begin_state = unconnected});
  const Socket accepted = accept_tcp(listener);
  receive_bytes(recorder, accepted, sent);
  for (const Socket& socket : {client, accepted, listener}) close_socket(socket, recorder);
}

void pass_credentials(Workbench& bench, int option) {
  const Link link = open_pair(AF_UNIX, SOCK_STREAM, 0, bench.recorder());
  const int on = 1;
  const long set = outcome(setsockopt(link.receiver.fd, SOL_SOCKET, option, &on, sizeof on));
  require(set == 0, "setsockopt", set);
  const long size = static_cast<long>(bench.next_size());
  send_bytes(bench.recorder(), link.sender, size);
  receive_bytes(bench.recorder(), link.receiver, size);
  send_bytes(bench.recorder(), link.receiver, size);
  receive_bytes(bench.recorder(), link.sender, size);
  close_link(link, bench.recorder());
}

}  // namespace

void add_boundary_steps(std::vector<Step>& steps) {
  for (const LinkKind& kind : link_kinds()) {
    const std::string name(kind.name);
    steps.push_back({"peek/" + name, [&](Workbench& bench) { peek(bench, kind); }});
    steps.push_back(
        {"truncate/" + name + "/plain", [&](Workbench& bench) { truncate(bench, kind, 0); }});
    steps.push_back({"truncate/" + name + "/full_length",
                     [&](Workbench& bench) { truncate(bench, kind, MSG_TRUNC); }});
    if (kind.is_stream || name == "unix_seqpacket") {
      steps.push_back({"end_of_file/" + name, [&](Workbench& bench) { end_of_file(bench, kind); }});
    }
    // An empty frame is refused by packet sockets, and netlink drops it.
    if (name == "packet" || name == "netlink_user") continue;
    steps.push_back({"nothing/" + name, [&](Workbench& bench) { nothing(bench, kind); }});
  }
  steps.push_back({"no_room", no_room});
  steps.push_back({"wait_for_all", wait_for_all});
  steps.push_back({"out_of_band", out_of_band});
  steps.push_back({"error_queue", error_queue});
  steps.push_back({"fast_open", fast_open});
  steps.push_back({"flags/passcred", [](Workbench& b) { pass_credentials(b, SO_PASSCRED); }});
  steps.push_back({"flags/passsec", [](Workbench& b) { pass_credentials(b, SO_PASSSEC); }});
}

}  // namespace socktap::workload
