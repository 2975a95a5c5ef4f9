// Sockets that are connected to each other within this process, for the calibration.
#pragma once

#include <vector>

#include "base/unique_fd.h"

namespace socktap::sources::ebpf {

struct SocketPair {
  UniqueFd sender;
  UniqueFd receiver;
  UniqueFd listener;  // of a TCP pair
  int created = 2;    // how many of them socket(2) or socketpair(2) made

  bool valid() const { return sender.valid() && receiver.valid(); }
  int open() const { return sender.valid() + receiver.valid() + listener.valid(); }
};

SocketPair unix_pair(int type);
SocketPair tcp_pair(int family);  // AF_INET or AF_INET6
SocketPair udp_pair(int family);
SocketPair netlink_pair();

}  // namespace socktap::sources::ebpf
