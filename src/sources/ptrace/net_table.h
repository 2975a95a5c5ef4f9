// The lines of /proc/PID/net/tcp and its like: one socket each.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sources/ptrace/socket_addresses.h"

namespace socktap::sources::ptrace {

// What the columns are.
enum class NetTable : std::uint8_t { none, ip, raw, local, netlink, packet };

struct NetEntry {
  ino_t inode = 0;
  int type = -1, protocol = -1;  // where the table says it
  int stage = 0;                 // of IP: struct sock's state; of AF_UNIX: struct socket's
  SocketAddresses addresses;
  std::string path;  // of AF_UNIX
};

// nullopt: it is no socket's line (a heading).
std::optional<NetEntry> net_entry(NetTable table, std::string_view line);

}  // namespace socktap::sources::ptrace
