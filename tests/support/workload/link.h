// Pairs of sockets that can talk, of every kind that the workload drives.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "recorder.h"
#include "socket.h"

namespace socktap::workload {

// A kind of socket and how two of them are joined.
struct LinkKind {
  std::string_view name;
  bool is_stream;
  int added_on_receipt;  // bytes a receiver gets beyond what was sent: a header
  bool zero_copy;        // io_uring's send_zc is offered
};
std::span<const LinkKind> link_kinds();

// `sender` to `receiver`; both directions work but for packet sockets.
struct Link {
  Socket sender;
  Socket receiver;
};

// Makes one, recording the sockets created. nullopt (recorded as skipped) where the kernel or our
// privileges do not permit the kind.
std::optional<Link> open_link(const LinkKind& kind, Recorder& recorder);
void close_link(const Link& link, Recorder& recorder);

// socket(2), socketpair(2) and close(2), recorded. Ends the program if refused.
Socket open_socket(int family, int type, int protocol, Recorder& recorder);
Link open_pair(int family, int type, int protocol, Recorder& recorder);
void close_socket(const Socket& socket, Recorder& recorder);

// A listening TCP socket on the family's loopback, and a client connected to it.
struct Connection {
  Socket listener;
  Socket client;
};
Connection connect_tcp(int family, Recorder& recorder);
Socket accept_tcp(const Socket& listener);
// The same as a link, its listener closed.
Link open_tcp(int family, Recorder& recorder);

// Bound to a free port of the family's loopback.
Socket open_udp(int family, Recorder& recorder);
Link open_udp_link(int family, Recorder& recorder);

}  // namespace socktap::workload
