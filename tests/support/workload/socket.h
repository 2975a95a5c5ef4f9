// A socket as the workload knows it: what it asked for and what became of it.
#pragma once

#include <cstdint>
#include <string_view>

namespace socktap::workload {

// SS_* of linux/net.h, which user space headers do not give.
enum State : int { unconnected = 1, connecting = 2, connected = 3, disconnecting = 4 };

struct Socket {
  int fd = -1;
  int family = -1;
  int type = -1;
  int protocol = -1;
  int state = unconnected;
};

// What socket(2) gave, asked of the kernel itself (SO_DOMAIN, SO_TYPE, SO_PROTOCOL).
Socket describe_socket(int fd, int state);

// As the kernel tells it: before 5.15 the ends of a pair of datagram sockets are not connected.
int state_of_unix(int fd);

// Socket flags in the documented places, and which of them this kernel lets a program know.
struct Flags {
  std::int64_t bits = 0;
  std::int64_t mask = 0;
};
Flags flags_of(int fd);

// The result of a system call: what it returned, or the negative errno.
long outcome(long returned);

// Ends the program (status 3) unless `holds`: the workload's promises would be wrong.
void require(bool holds, std::string_view what, long result = 0);

}  // namespace socktap::workload
