// Sockets that are connected to each other within this process, for the calibration.
#pragma once

#include <string_view>

#include "base/unique_fd.h"

namespace socktap::sources {

struct SocketPair {
  UniqueFd sender;
  UniqueFd receiver;
  UniqueFd listener;      // of a TCP pair
  int created = 2;        // how many of them socket(2) or socketpair(2) made
  std::string_view kind;  // "TCP over IPv6"

  bool valid() const { return sender.valid() && receiver.valid(); }
  int open() const { return sender.valid() + receiver.valid() + listener.valid(); }
};

// Whether the kernel makes such sockets at all; what it refuses is made and released, too.
bool is_offered(int family);

SocketPair unix_pair(int type);
SocketPair tcp_pair(int family);  // AF_INET or AF_INET6
SocketPair udp_pair(int family);
SocketPair netlink_pair();

}  // namespace socktap::sources
