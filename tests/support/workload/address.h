// A socket address of any family.
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <string_view>

namespace socktap::workload {

struct Address {
  sockaddr_storage storage{};
  socklen_t length = sizeof(sockaddr_storage);

  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};

Address loopback(int family, std::uint16_t port = 0);
Address ipv4(std::string_view dotted);
Address abstract_unix(std::string_view name);
Address netlink_address(std::uint32_t port);
Address packet_address(std::uint16_t protocol, int interface);

Address name_of(int fd);  // getsockname

void bind_to(int fd, const Address& address);
void connect_to(int fd, const Address& address);

}  // namespace socktap::workload
