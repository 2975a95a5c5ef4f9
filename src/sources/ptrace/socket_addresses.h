// The addresses that a socket of IP has and is connected to, as the kernel keeps them.
#pragma once

#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <string>

#include "event/event.h"
#include "tapset/field.h"

namespace socktap::sources::ptrace {

struct Endpoint {
  std::array<std::uint8_t, 16> address{};  // an IPv4 address is the first four bytes
  std::uint16_t port = 0;                  // as people count

  bool operator==(const Endpoint&) const = default;
};

// Of AF_INET and AF_INET6.
Endpoint endpoint_of(const sockaddr_storage& address);

struct SocketAddresses {
  int family = 0;  // AF_INET, AF_INET6; 0: no addresses
  Endpoint local, remote;

  bool operator==(const SocketAddresses&) const = default;
};

bool has_addresses(int family);

// Of `size` bytes of an address of AF_UNIX: its path, @ before an abstract name, of either what is
// in front of a zero. "": it has none.
std::string path_of(const sockaddr_storage& address, socklen_t size);

void fill_addresses(EventTail& tail, const SocketAddresses& addresses);

}  // namespace socktap::sources::ptrace
