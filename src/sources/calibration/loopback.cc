#include "sources/calibration/loopback.h"

#include <linux/netlink.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstring>

namespace socktap::sources {
namespace {

union Address {
  sockaddr any;
  sockaddr_in inet;
  sockaddr_in6 inet6;
  sockaddr_nl netlink;
};

socklen_t length_of(int family) {
  return family == AF_INET    ? sizeof(sockaddr_in)
         : family == AF_INET6 ? sizeof(sockaddr_in6)
                              : sizeof(sockaddr_nl);
}

UniqueFd open_socket(int family, int type, int protocol) {
  return UniqueFd(::socket(family, type | SOCK_CLOEXEC, protocol));
}

// Binds to a free loopback port (a free address, of netlink) and tells which.
bool bind_anywhere(const UniqueFd& fd, int family, Address& address) {
  address = {};
  address.any.sa_family = static_cast<sa_family_t>(family);
  if (family == AF_INET) address.inet.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (family == AF_INET6) address.inet6.sin6_addr = in6addr_loopback;
  socklen_t length = length_of(family);
  return ::bind(fd.get(), &address.any, length) == 0 &&
         ::getsockname(fd.get(), &address.any, &length) == 0;
}

bool connect_to(const UniqueFd& fd, int family, const Address& address) {
  return ::connect(fd.get(), &address.any, length_of(family)) == 0;
}

SocketPair addressed_pair(int family, int type, int protocol, std::string_view kind) {
  SocketPair pair{.sender = open_socket(family, type, protocol),
                  .receiver = open_socket(family, type, protocol),
                  .kind = kind};
  pair.created = pair.sender.valid() + pair.receiver.valid();
  Address address;
  if (!pair.valid() || !bind_anywhere(pair.receiver, family, address) ||
      !connect_to(pair.sender, family, address))
    pair.receiver.reset();
  return pair;
}

}  // namespace

bool is_offered(int family) {
  return open_socket(family, family == AF_NETLINK ? SOCK_RAW : SOCK_DGRAM, 0).valid();
}

SocketPair unix_pair(int type) {
  int fds[2] = {-1, -1};
  if (::socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, fds) != 0) return {.created = 0};
  return {.sender = UniqueFd(fds[0]),
          .receiver = UniqueFd(fds[1]),
          .kind = type == SOCK_STREAM  ? "UNIX stream"
                  : type == SOCK_DGRAM ? "UNIX datagram"
                                       : "UNIX seqpacket"};
}

SocketPair tcp_pair(int family) {
  SocketPair pair{.sender = open_socket(family, SOCK_STREAM, 0),
                  .listener = open_socket(family, SOCK_STREAM, 0),
                  .kind = family == AF_INET ? "TCP over IPv4" : "TCP over IPv6"};
  pair.created = pair.open();
  Address address;
  if (pair.created == 2 && bind_anywhere(pair.listener, family, address) &&
      ::listen(pair.listener.get(), 1) == 0 && connect_to(pair.sender, family, address))
    pair.receiver.reset(::accept4(pair.listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
  return pair;
}

SocketPair udp_pair(int family) {
  return addressed_pair(family, SOCK_DGRAM, 0,
                        family == AF_INET ? "UDP over IPv4" : "UDP over IPv6");
}

SocketPair netlink_pair() {
  return addressed_pair(AF_NETLINK, SOCK_RAW, NETLINK_USERSOCK, "netlink");
}

}  // namespace socktap::sources
