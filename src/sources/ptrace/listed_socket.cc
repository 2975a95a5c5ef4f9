#include "sources/ptrace/listed_socket.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

namespace socktap::sources::ptrace {
namespace {

// Protocols by the kernel's names for them. What a name leaves open is -1: what a socket of MPTCP
// accepts has its name, but may be of TCP.
struct Protocol {
  std::string_view name;
  int family, type, number;
  NetTable table = NetTable::none;
  const char* file = nullptr;
};
constexpr Protocol protocols[] = {
    {"TCP", AF_INET, SOCK_STREAM, IPPROTO_TCP, NetTable::ip, "tcp"},
    {"TCPv6", AF_INET6, SOCK_STREAM, IPPROTO_TCP, NetTable::ip, "tcp6"},
    {"MPTCP", AF_INET, SOCK_STREAM, -1, NetTable::ip, "tcp"},
    {"MPTCPv6", AF_INET6, SOCK_STREAM, -1, NetTable::ip, "tcp6"},
    {"UDP", AF_INET, SOCK_DGRAM, IPPROTO_UDP, NetTable::ip, "udp"},
    {"UDPv6", AF_INET6, SOCK_DGRAM, IPPROTO_UDP, NetTable::ip, "udp6"},
    {"UDP-Lite", AF_INET, SOCK_DGRAM, IPPROTO_UDPLITE, NetTable::ip, "udplite"},
    {"UDPLITEv6", AF_INET6, SOCK_DGRAM, IPPROTO_UDPLITE, NetTable::ip, "udplite6"},
    {"PING", AF_INET, SOCK_DGRAM, IPPROTO_ICMP, NetTable::ip, "icmp"},
    {"PINGv6", AF_INET6, SOCK_DGRAM, IPPROTO_ICMPV6, NetTable::ip, "icmp6"},
    {"RAW", AF_INET, SOCK_RAW, -1, NetTable::raw, "raw"},
    {"RAWv6", AF_INET6, SOCK_RAW, -1, NetTable::raw, "raw6"},
    {"UNIX-STREAM", AF_UNIX, SOCK_STREAM, 0, NetTable::local, "unix"},
    {"UNIX", AF_UNIX, -1, 0, NetTable::local, "unix"},
    {"NETLINK", AF_NETLINK, -1, -1, NetTable::netlink, "netlink"},
    {"PACKET", AF_PACKET, -1, 0, NetTable::packet, "packet"},
    {"AF_VSOCK", AF_VSOCK, -1, 0},
    {"XDP", AF_XDP, SOCK_RAW, 0},
    {"ALG", AF_ALG, SOCK_SEQPACKET, 0},
};

std::string name_of_protocol(const ProcessHandle& process, int descriptor) {
  char name[64];
  const ssize_t size = ::getxattr(process.path_of(descriptor).c_str(), "system.sockprotoname", name,
                                  sizeof name - 1);
  if (size <= 0) return {};
  name[size] = '\0';
  return name;
}

std::optional<NetEntry> find(const ProcessHandle& process, const Protocol& protocol, ino_t inode) {
  if (protocol.table == NetTable::none) return std::nullopt;
  std::ifstream table("/proc/" + std::to_string(process.thread()) + "/net/" + protocol.file);
  for (std::string line; std::getline(table, line);)
    if (auto entry = net_entry(protocol.table, line); entry && entry->inode == inode) return entry;
  return std::nullopt;
}

bool fits(int one, int other) { return one == -1 || other == -1 || one == other; }

int either(int known, int other) { return known != -1 ? known : other; }

bool is_connectionless(const Socket& socket) {
  return has_addresses(socket.family) || socket.family == AF_NETLINK || socket.family == AF_PACKET;
}

int state_of(Socket& socket, const std::optional<NetEntry>& entry) {
  if (is_stream_of_ip(socket))
    return state_of_stream(socket, entry ? entry->stage : closed, /*timed=*/false);
  if (is_connectionless(socket)) return unconnected;
  return entry ? entry->stage : -1;
}

SocketAddresses addresses_of(const Socket& socket, const std::optional<NetEntry>& entry) {
  if (entry) return entry->addresses;
  if (!has_addresses(socket.family)) return {};
  if (is_stream_of_ip(socket) && socket.addresses.family != 0) return socket.addresses;
  return {.family = socket.family};
}

}  // namespace

std::uint32_t netns_of_task(pid_t thread) {
  struct stat status {};
  const std::string path = "/proc/" + std::to_string(thread) + "/ns/net";
  return ::stat(path.c_str(), &status) == 0 ? static_cast<std::uint32_t>(status.st_ino) : 0;
}

Socket listed_socket(const ProcessHandle& process, int descriptor, ino_t inode) {
  Socket socket{.number = inode, .inode = inode};
  const std::string name = name_of_protocol(process, descriptor);
  for (const Protocol& protocol : protocols) {
    if (!name.empty() && name != protocol.name) continue;
    const auto entry = find(process, protocol, inode);
    if (name.empty() && !entry) continue;
    socket.family = protocol.family;
    socket.type = entry ? either(protocol.type, entry->type) : protocol.type;
    socket.protocol = entry ? either(protocol.number, entry->protocol) : protocol.number;
    break;
  }
  return socket;
}

SocketCondition listed_condition(const ProcessHandle& process, Socket& socket, Asked asked) {
  const bool is_listed = !is_connectionless(socket) || is_stream_of_ip(socket) ||
                         (asked.addresses && has_addresses(socket.family));
  std::optional<NetEntry> entry;
  if (is_listed) entry = listed_entry(process, socket);
  SocketCondition condition{.state = state_of(socket, entry)};
  if (asked.addresses) condition.addresses = socket.addresses = addresses_of(socket, entry);
  if (asked.path && entry) condition.path = entry->path;
  if (asked.netns) condition.netns = netns_of_task(process.thread());
  return condition;
}

std::optional<NetEntry> listed_entry(const ProcessHandle& process, const Socket& socket) {
  const auto* protocol = std::ranges::find_if(protocols, [&](const Protocol& candidate) {
    return candidate.family == socket.family && fits(candidate.type, socket.type) &&
           fits(candidate.number, socket.protocol);
  });
  if (protocol == std::end(protocols)) return std::nullopt;
  return find(process, *protocol, socket.inode);
}

}  // namespace socktap::sources::ptrace
