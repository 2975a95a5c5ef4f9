#include "sources/ptrace/socket_addresses.h"

#include <netinet/in.h>

#include <algorithm>
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

bool has_addresses(int family) { return family == AF_INET || family == AF_INET6; }

bool asks_for_addresses(tapset::FieldSet fields) {
  using tapset::Field;
  return fields.contains(Field::address_family) || fields.contains(Field::local_address) ||
         fields.contains(Field::remote_address) || fields.contains(Field::local_port) ||
         fields.contains(Field::remote_port);
}

void fill_addresses(EventTail& tail, const SocketAddresses& addresses) {
  tail.address_family = static_cast<__u16>(addresses.family);
  std::ranges::copy(addresses.local.address, tail.local_address);
  std::ranges::copy(addresses.remote.address, tail.remote_address);
  tail.local_port = addresses.local.port;
  tail.remote_port = addresses.remote.port;
}

}  // namespace socktap::sources::ptrace
