#include "sources/ptrace/socket_addresses.h"

#include <netinet/in.h>
#include <sys/un.h>

#include <algorithm>
#include <cstddef>
#include <cstring>

namespace socktap::sources::ptrace {

Endpoint endpoint_of(const sockaddr_storage& address) {
  Endpoint endpoint;
  if (address.ss_family == AF_INET) {
    const auto& ip = reinterpret_cast<const sockaddr_in&>(address);
    std::memcpy(endpoint.address.data(), &ip.sin_addr, sizeof ip.sin_addr);
    endpoint.port = ntohs(ip.sin_port);
  } else {
    const auto& ip = reinterpret_cast<const sockaddr_in6&>(address);
    std::memcpy(endpoint.address.data(), &ip.sin6_addr, sizeof ip.sin6_addr);
    endpoint.port = ntohs(ip.sin6_port);
  }
  return endpoint;
}

std::string path_of(const sockaddr_storage& address, socklen_t size) {
  const auto& local = reinterpret_cast<const sockaddr_un&>(address);
  constexpr std::size_t begin = offsetof(sockaddr_un, sun_path);
  if (local.sun_family != AF_UNIX || size <= begin) return {};
  std::string path(local.sun_path, std::min<std::size_t>(size - begin, sizeof local.sun_path));
  if (path.front() == '\0') path.front() = '@';
  return path.substr(0, path.find('\0'));
}

bool has_addresses(int family) { return family == AF_INET || family == AF_INET6; }

void fill_addresses(EventTail& tail, const SocketAddresses& addresses) {
  tail.address_family = static_cast<__u16>(addresses.family);
  std::ranges::copy(addresses.local.address, tail.local_address);
  std::ranges::copy(addresses.remote.address, tail.remote_address);
  tail.local_port = addresses.local.port;
  tail.remote_port = addresses.remote.port;
}

}  // namespace socktap::sources::ptrace
