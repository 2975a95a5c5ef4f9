#include "sources/ptrace/asked_socket.h"

#include <linux/sockios.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sources/ptrace/listed_socket.h"

namespace socktap::sources::ptrace {
namespace {

// Of sockets of UNIX; older headers lack the names SO_PASSPIDFD and SO_PASSRIGHTS.
constexpr int pass_pidfd_option = 76;   // since Linux 6.5
constexpr int pass_rights_option = 83;  // since Linux 6.16

enum Flag : std::uint32_t {
  passcred = 1 << 3,
  passsec = 1 << 4,
  passpidfd = 1 << 7,
  passrights = 1 << 8
};

template <typename T>
std::optional<T> option(const UniqueFd& descriptor, int level, int name) {
  T value{};
  socklen_t size = sizeof value;
  if (::getsockopt(descriptor.get(), level, name, &value, &size) != 0) return std::nullopt;
  return value;
}

bool is_set(const UniqueFd& descriptor, int name) {
  return option<int>(descriptor, SOL_SOCKET, name).value_or(0) != 0;
}

using Name = decltype(&::getsockname);  // or getpeername

std::optional<sockaddr_storage> name_of(const UniqueFd& descriptor, Name which,
                                        socklen_t* length = nullptr) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (which(descriptor.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0)
    return std::nullopt;
  if (length != nullptr) *length = size;
  return address;
}

std::string bound_path(const UniqueFd& descriptor) {
  for (const Name which : {Name{::getsockname}, Name{::getpeername}}) {
    socklen_t size = 0;
    const auto address = name_of(descriptor, which, &size);
    if (std::string path = address ? path_of(*address, size) : ""; !path.empty()) return path;
  }
  return {};
}

// 0: nobody may ask it.
std::uint32_t netns_of(const UniqueFd& descriptor) {
  const UniqueFd netns(::ioctl(descriptor.get(), SIOCGSKNS));
  struct stat status {};
  if (!netns.valid() || ::fstat(netns.get(), &status) != 0) return 0;
  return static_cast<std::uint32_t>(status.st_ino);
}

// Whether a peer makes a datagram socket of AF_UNIX a connected one, as it does since Linux 5.15:
// by a pair of our own.
bool datagrams_connect() {
  static const bool they_do = [] {
    int ends[2] = {-1, -1};
    if (::socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, ends) != 0) return true;
    const UniqueFd one(ends[0]);
    const UniqueFd other(ends[1]);
    const auto entry =
        listed_entry(ProcessHandle(::getpid()), asked_socket(one).value_or(Socket()));
    return !entry || entry->stage == connected;
  }();
  return they_do;
}

int state_of(const UniqueFd& descriptor, Socket& socket) {
  if (is_stream_of_ip(socket)) {
    const auto info = option<tcp_info>(descriptor, IPPROTO_TCP, TCP_INFO);
    return info ? state_of_stream(socket, info->tcpi_state, info->tcpi_rtt > 0) : unconnected;
  }
  if (has_addresses(socket.family) || socket.family == AF_NETLINK || socket.family == AF_PACKET)
    return unconnected;
  if (socket.family == AF_UNIX && socket.type == SOCK_DGRAM && !datagrams_connect())
    return unconnected;
  if (name_of(descriptor, ::getpeername)) socket.was_connected = true;
  return socket.was_connected ? connected : unconnected;
}

std::uint32_t flags_of(const UniqueFd& descriptor, const Socket& socket) {
  if (socket.family != AF_UNIX && socket.family != AF_NETLINK && socket.family != AF_BLUETOOTH)
    return 0;
  std::uint32_t flags = 0;
  if (is_set(descriptor, SO_PASSCRED)) flags |= passcred;
  if (is_set(descriptor, SO_PASSSEC)) flags |= passsec;
  if (is_set(descriptor, pass_pidfd_option)) flags |= passpidfd;
  if (is_set(descriptor, pass_rights_option)) flags |= passrights;
  return flags;
}

// While it connects, and with port 0, a socket does not tell its peer.
bool hides_peer(const Socket& socket, int state) {
  const bool has_ports =
      socket.type == SOCK_STREAM || (socket.type == SOCK_DGRAM && socket.protocol == IPPROTO_UDP);
  return state == connecting || !has_ports;
}

// Who has no peer any more: the kernel keeps its address, and of a connection that came to its end
// by itself the port.
Endpoint former_peer(const Socket& socket, int state) {
  if (socket.family == AF_INET && socket.type == SOCK_DGRAM) return {};
  Endpoint peer = socket.addresses.remote;
  if (state != connected) peer.port = 0;
  return peer;
}

SocketAddresses addresses_of(const UniqueFd& descriptor, const ProcessHandle& process,
                             const Socket& socket, int state) {
  if (!has_addresses(socket.family)) return {};
  SocketAddresses addresses{.family = socket.family};
  if (const auto local = name_of(descriptor, ::getsockname)) addresses.local = endpoint_of(*local);
  if (const auto remote = name_of(descriptor, ::getpeername)) {
    addresses.remote = endpoint_of(*remote);
    return addresses;
  }
  const auto entry = hides_peer(socket, state) ? listed_entry(process, socket) : std::nullopt;
  addresses.remote = entry ? entry->addresses.remote : former_peer(socket, state);
  return addresses;
}

}  // namespace

std::optional<Socket> asked_socket(const UniqueFd& descriptor) {
  const auto family = option<int>(descriptor, SOL_SOCKET, SO_DOMAIN);
  if (!family) return std::nullopt;
  struct stat status {};
  ::fstat(descriptor.get(), &status);
  return Socket{.number = option<std::uint64_t>(descriptor, SOL_SOCKET, SO_COOKIE).value_or(0),
                .family = *family,
                .type = option<int>(descriptor, SOL_SOCKET, SO_TYPE).value_or(-1),
                .protocol = option<int>(descriptor, SOL_SOCKET, SO_PROTOCOL).value_or(-1),
                .inode = status.st_ino};
}

SocketCondition asked_condition(const UniqueFd& descriptor, const ProcessHandle& process,
                                Socket& socket, Asked asked) {
  SocketCondition condition;
  if (asked.state || asked.addresses) condition.state = state_of(descriptor, socket);
  if (asked.flags) condition.flags = flags_of(descriptor, socket);
  if (asked.addresses)
    condition.addresses = socket.addresses =
        addresses_of(descriptor, process, socket, condition.state);
  if (asked.path && socket.family == AF_UNIX) condition.path = bound_path(descriptor);
  if (asked.netns) condition.netns = netns_of(descriptor);
  if (asked.netns && condition.netns == 0) condition.netns = netns_of_task(process.thread());
  return condition;
}

bool namespaces_are_refused() {
  const UniqueFd own(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  return own.valid() && netns_of(own) == 0;
}

}  // namespace socktap::sources::ptrace
