#include "link.h"

#include <linux/netlink.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "address.h"
#include "privilege.h"

namespace socktap::workload {
namespace {

constexpr LinkKind kinds[] = {
    {"unix_stream", true, 0, false},
    {"unix_dgram", false, 0, false},
    {"unix_seqpacket", false, 0, false},
    {"tcp4", true, 0, true},
    {"tcp6", true, 0, true},
    {"udp4", false, 0, true},
    {"udp6", false, 0, true},
    {"netlink_user", false, 0, false},
    {"packet", false, 0, false},
    {"raw4", false, 20, false},
};

constexpr std::uint16_t experimental_ethertype = 0x88b5;
constexpr int experimental_ip_protocol = 253;

Link open_netlink_link(Recorder& recorder) {
  Link link{open_socket(AF_NETLINK, SOCK_RAW, NETLINK_USERSOCK, recorder),
            open_socket(AF_NETLINK, SOCK_RAW, NETLINK_USERSOCK, recorder)};
  bind_to(link.sender.fd, netlink_address(0));
  bind_to(link.receiver.fd, netlink_address(0));
  connect_to(link.sender.fd, name_of(link.receiver.fd));
  connect_to(link.receiver.fd, name_of(link.sender.fd));
  return link;
}

Link open_packet_link(Recorder& recorder) {
  Link link{open_socket(AF_PACKET, SOCK_DGRAM, 0, recorder),
            open_socket(AF_PACKET, SOCK_DGRAM, 0, recorder)};
  constexpr int loopback_index = 1;  // in every namespace; if_nametoindex would open a socket
  const Address address = packet_address(experimental_ethertype, loopback_index);
  // The receiver must not get the outgoing copy beside the incoming one.
  constexpr int packet_ignore_outgoing = 23;
  const int on = 1;
  setsockopt(link.receiver.fd, SOL_PACKET, packet_ignore_outgoing, &on, sizeof on);
  bind_to(link.sender.fd, address);
  bind_to(link.receiver.fd, address);
  return link;
}

Link open_raw_link(Recorder& recorder) {
  Link link{open_socket(AF_INET, SOCK_RAW, experimental_ip_protocol, recorder),
            open_socket(AF_INET, SOCK_RAW, experimental_ip_protocol, recorder)};
  const Address from = ipv4("127.0.0.2");
  const Address to = ipv4("127.0.0.3");
  bind_to(link.sender.fd, from);
  bind_to(link.receiver.fd, to);
  connect_to(link.sender.fd, to);
  connect_to(link.receiver.fd, from);
  return link;
}

std::optional<Link> skip(Recorder& recorder, std::string_view reason) {
  recorder.skipped(reason);
  return std::nullopt;
}

}  // namespace

std::span<const LinkKind> link_kinds() { return kinds; }

std::optional<Link> open_link(const LinkKind& kind, Recorder& recorder) {
  if (kind.name == "unix_stream") return open_pair(AF_UNIX, SOCK_STREAM, 0, recorder);
  if (kind.name == "unix_dgram") return open_pair(AF_UNIX, SOCK_DGRAM, 0, recorder);
  if (kind.name == "unix_seqpacket") return open_pair(AF_UNIX, SOCK_SEQPACKET, 0, recorder);
  if (kind.name == "tcp4") return open_tcp(AF_INET, recorder);
  if (kind.name == "udp4") return open_udp_link(AF_INET, recorder);
  if (kind.name == "tcp6" || kind.name == "udp6") {
    if (!has_ipv6()) return skip(recorder, "no IPv6 loopback");
    return kind.name == "tcp6" ? open_tcp(AF_INET6, recorder) : open_udp_link(AF_INET6, recorder);
  }
  if (kind.name == "netlink_user") return open_netlink_link(recorder);
  if (!may_use_raw()) return skip(recorder, "needs CAP_NET_RAW");
  return kind.name == "packet" ? open_packet_link(recorder) : open_raw_link(recorder);
}

void close_link(const Link& link, Recorder& recorder) {
  close_socket(link.sender, recorder);
  close_socket(link.receiver, recorder);
}

Socket open_socket(int family, int type, int protocol, Recorder& recorder) {
  const long fd = outcome(socket(family, type, protocol));
  require(fd >= 0, "socket", fd);
  recorder.created(family, type & ~(SOCK_CLOEXEC | SOCK_NONBLOCK), protocol);
  return describe_socket(static_cast<int>(fd), unconnected);
}

Link open_pair(int family, int type, int protocol, Recorder& recorder) {
  int fds[2];
  const long made = outcome(socketpair(family, type, protocol, fds));
  require(made == 0, "socketpair", made);
  for (int i = 0; i < 2; ++i) {
    recorder.created(family, type & ~(SOCK_CLOEXEC | SOCK_NONBLOCK), protocol);
  }
  const int state = family == AF_UNIX && type == SOCK_DGRAM ? state_of_unix(fds[0]) : connected;
  return {describe_socket(fds[0], state), describe_socket(fds[1], state)};
}

void close_socket(const Socket& socket, Recorder& recorder) {
  const Recorder::Closing closing = recorder.closing(socket);
  require(close(socket.fd) == 0, "close");
  recorder.closed(closing);
}

Connection connect_tcp(int family, Recorder& recorder) {
  Connection made;
  made.listener = open_socket(family, SOCK_STREAM, 0, recorder);
  bind_to(made.listener.fd, loopback(family));
  require(listen(made.listener.fd, 1) == 0, "listen");
  made.client = open_socket(family, SOCK_STREAM, IPPROTO_TCP, recorder);
  connect_to(made.client.fd, name_of(made.listener.fd));
  made.client.state = connected;
  return made;
}

Socket accept_tcp(const Socket& listener) {
  const long fd = outcome(accept(listener.fd, nullptr, nullptr));
  require(fd >= 0, "accept", fd);
  return describe_socket(static_cast<int>(fd), connected);
}

Link open_tcp(int family, Recorder& recorder) {
  const Connection made = connect_tcp(family, recorder);
  const Socket accepted = accept_tcp(made.listener);
  close_socket(made.listener, recorder);
  return {made.client, accepted};
}

Socket open_udp(int family, Recorder& recorder) {
  const Socket socket = open_socket(family, SOCK_DGRAM, 0, recorder);
  bind_to(socket.fd, loopback(family));
  return socket;
}

Link open_udp_link(int family, Recorder& recorder) {
  const Link link{open_udp(family, recorder), open_udp(family, recorder)};
  connect_to(link.sender.fd, name_of(link.receiver.fd));
  connect_to(link.receiver.fd, name_of(link.sender.fd));
  return link;
}

}  // namespace socktap::workload
