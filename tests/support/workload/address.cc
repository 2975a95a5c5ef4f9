#include "address.h"

#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <cstddef>
#include <cstring>
#include <string>

#include "socket.h"

namespace socktap::workload {
namespace {

template <typename T>
Address address_of(const T& specific, socklen_t length = sizeof(T)) {
  Address address;
  std::memcpy(&address.storage, &specific, sizeof specific);
  address.length = length;
  return address;
}

}  // namespace

Address loopback(int family, std::uint16_t port) {
  if (family == AF_INET6) {
    sockaddr_in6 in6{};
    in6.sin6_family = AF_INET6;
    in6.sin6_addr = in6addr_loopback;
    in6.sin6_port = htons(port);
    return address_of(in6);
  }
  sockaddr_in in{};
  in.sin_family = AF_INET;
  in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  in.sin_port = htons(port);
  return address_of(in);
}

Address ipv4(std::string_view dotted) {
  sockaddr_in in{};
  in.sin_family = AF_INET;
  inet_pton(AF_INET, std::string(dotted).c_str(), &in.sin_addr);
  return address_of(in);
}

Address abstract_unix(std::string_view name) {
  sockaddr_un un{};
  un.sun_family = AF_UNIX;
  std::memcpy(un.sun_path + 1, name.data(), name.size());
  return address_of(un, static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size()));
}

Address netlink_address(std::uint32_t port) {
  sockaddr_nl nl{};
  nl.nl_family = AF_NETLINK;
  nl.nl_pid = port;
  return address_of(nl);
}

Address packet_address(std::uint16_t protocol, int interface) {
  sockaddr_ll ll{};
  ll.sll_family = AF_PACKET;
  ll.sll_protocol = htons(protocol);
  ll.sll_ifindex = interface;
  ll.sll_halen = 6;
  return address_of(ll);
}

Address name_of(int fd) {
  Address address;
  require(getsockname(fd, address.get(), &address.length) == 0, "getsockname");
  return address;
}

void bind_to(int fd, const Address& address) {
  const long bound = outcome(bind(fd, address.get(), address.length));
  require(bound == 0, "bind", bound);
}

void connect_to(int fd, const Address& address) {
  const long joined = outcome(connect(fd, address.get(), address.length));
  require(joined == 0, "connect", joined);
}

}  // namespace socktap::workload
