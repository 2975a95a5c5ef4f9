// Socket addresses, types and flags.
#include <arpa/inet.h>
#include <fmt/format.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/escape.h"
#include "event/call_rendering.h"
#include "event/constants.h"

namespace socktap::rendering {

using tapset::CallVariable;

namespace {

constexpr std::size_t text_limit = 511;

template <typename T>
T as(std::string_view bytes) {
  T address{};
  std::memcpy(&address, bytes.data(), std::min(bytes.size(), sizeof address));
  return address;
}

int port_of(in_port_t port) { return ntohs(port); }

std::string dotted(const in_addr& address) {
  const auto bytes =
      as<std::array<std::uint8_t, 4>>({reinterpret_cast<const char*>(&address), sizeof address});
  return fmt::format("{}", fmt::join(bytes, "."));
}

// All eight groups with all their digits, unlike inet_ntop().
std::string colons(const in6_addr& address) {
  std::string text;
  for (std::size_t i = 0; i < 16; i += 2) {
    fmt::format_to(std::back_inserter(text), "{}{:02x}{:02x}", i == 0 ? "" : ":",
                   address.s6_addr[i], address.s6_addr[i + 1]);
  }
  return text;
}

// An abstract name is written with one byte more than it has, which is zero, as in SystemTap.
std::string local_text(std::string_view bytes) {
  const std::string_view path = bytes.substr(offsetof(sockaddr_un, sun_path));
  if (path[0] != '\0') {
    return fmt::format("{{AF_UNIX, \"{}\"}}", path.substr(0, path.find('\0')));
  }
  std::string name(path.substr(1));
  name += '\0';
  std::string escaped;
  append_escaped(name, text_limit, false, escaped);
  return fmt::format("{{AF_UNIX, \"\\000{}\"}}", escaped);
}

std::string netlink_text(const sockaddr_nl& address) {
  return fmt::format("{{AF_NETLINK, pid={}, groups={:08x}}}",
                     static_cast<std::int32_t>(address.nl_pid), address.nl_groups);
}

std::string packet_text(const sockaddr_ll& address) {
  std::uint64_t hardware = 0;
  std::memcpy(&hardware, address.sll_addr, sizeof hardware);
  return fmt::format("{{AF_PACKET, proto={}, ind={}, hatype={}, pkttype={}, halen={}, addr={:#x}}}",
                     address.sll_protocol, address.sll_ifindex, address.sll_hatype,
                     address.sll_pkttype, address.sll_halen, hardware);
}

// What is in the address that a variable is about. Only of the right length it is of its family.
struct Address {
  enum class Kind { null, unreadable, unknown, inet, inet6, local, netlink, packet };
  Kind kind;
  std::string_view bytes;
  int family = AF_UNSPEC;
};

Address::Kind kind_of(int family, std::size_t size) {
  using enum Address::Kind;
  switch (family) {
    case AF_INET:
      return size == sizeof(sockaddr_in) ? inet : unknown;
    case AF_INET6:
      return size == sizeof(sockaddr_in6) ? inet6 : unknown;
    case AF_UNIX:
      return size >= sizeof(sa_family_t) + 2 ? Address::Kind::local : unknown;
    case AF_NETLINK:
      return size == sizeof(sockaddr_nl) ? netlink : unknown;
    case AF_PACKET:
      return size == sizeof(sockaddr_ll) ? packet : unknown;
    default:
      return unknown;
  }
}

Address address_of(const CallVariable& variable, const CallView& view) {
  using enum Address::Kind;
  const CallMemory memory = memory_of(variable, view);
  if (memory.address == 0) return {null, {}};
  if (!memory.read) return {unreadable, {}};
  const auto family = memory.at<sa_family_t>(0);
  return {kind_of(family, memory.bytes.size()), memory.bytes, family};
}

// Of no family that is known.
std::string other_text(const Address& address) {
  using enum Address::Kind;
  if (address.kind == null) return "NULL";
  if (address.kind == unreadable) return "{...}";
  if (address.bytes.size() < sizeof(sa_family_t)) {
    return fmt::format("{{unknown sockaddr with salen={}}}", address.bytes.size());
  }
  return fmt::format("{{unknown sockaddr with sa={}, salen={}}}", address.family,
                     address.bytes.size());
}

}  // namespace

std::string sockaddr(const CallVariable& variable, const CallView& view) {
  const Address address = address_of(variable, view);
  switch (address.kind) {
    case Address::Kind::inet: {
      const auto in = as<sockaddr_in>(address.bytes);
      return fmt::format("{{AF_INET, {}, {}}}", dotted(in.sin_addr), port_of(in.sin_port));
    }
    case Address::Kind::inet6: {
      const auto in = as<sockaddr_in6>(address.bytes);
      return fmt::format("{{AF_INET6, {}, {}}}", colons(in.sin6_addr), port_of(in.sin6_port));
    }
    case Address::Kind::local:
      return local_text(address.bytes);
    case Address::Kind::netlink:
      return netlink_text(as<sockaddr_nl>(address.bytes));
    case Address::Kind::packet:
      return packet_text(as<sockaddr_ll>(address.bytes));
    default:
      return other_text(address);
  }
}

std::string sockaddr_family(const CallVariable& variable, const CallView& view) {
  const Address address = address_of(variable, view);
  switch (address.kind) {
    case Address::Kind::inet:
      return "AF_INET";
    case Address::Kind::inet6:
      return "AF_INET6";
    case Address::Kind::local:
      return "AF_UNIX";
    case Address::Kind::netlink:
      return "AF_NETLINK";
    case Address::Kind::packet:
      return "AF_PACKET";
    default:
      return other_text(address);
  }
}

std::string sockaddr_ip(const CallVariable& variable, const CallView& view) {
  const Address address = address_of(variable, view);
  if (address.kind == Address::Kind::inet) return dotted(as<sockaddr_in>(address.bytes).sin_addr);
  if (address.kind == Address::Kind::inet6) {
    return colons(as<sockaddr_in6>(address.bytes).sin6_addr);
  }
  return {};
}

std::string sockaddr_port(const CallVariable& variable, const CallView& view) {
  const Address address = address_of(variable, view);
  const bool has_port = address.kind == Address::Kind::inet || address.kind == Address::Kind::inet6;
  // Both families have it at the same place.
  return has_port ? fmt::format("{}", port_of(as<sockaddr_in>(address.bytes).sin_port)) : "";
}

// As it stands there, in network byte order.
std::string sockaddr_flowinfo(const CallVariable& variable, const CallView& view) {
  const Address address = address_of(variable, view);
  if (address.kind != Address::Kind::inet6) return {};
  const std::uint32_t flow = as<sockaddr_in6>(address.bytes).sin6_flowinfo;
  return fmt::format("{}", static_cast<std::int32_t>(flow));
}

// SystemTap 4.8 writes the flow information here too, and scripts see no scope.
std::string sockaddr_scope(const CallVariable& variable, const CallView& view) {
  return sockaddr_flowinfo(variable, view);
}

std::string socket_type(const CallVariable& variable, const CallView& view) {
  constexpr std::uint32_t type_bits = 0xf;
  const auto value = static_cast<std::uint32_t>(value_of(variable.of, view));
  std::uint32_t type = value & type_bits;
  std::uint32_t flags = value & ~type_bits;
  std::string text;
  const auto append = [&](std::string_view part) {
    if (!text.empty()) text += '|';
    text += part;
  };
  for (const auto& [known, name] : constants::socket_types) {
    if (known != type) continue;
    append(name);
    type = 0;
    break;
  }
  for (const auto& [bit, name] : constants::socket_creation_flags) {
    if ((bit & flags) == 0) continue;
    append(name);
    flags &= ~static_cast<std::uint32_t>(bit);
  }
  if ((type | flags) != 0 || text.empty()) append(hex(type | flags));
  return text;
}

std::string ip_protocol(const CallVariable& variable, const CallView& view) {
  const std::int64_t protocol = value_of(variable.of, view);
  const std::int64_t family = value_of(variable.with, view);
  const bool named = family == PF_INET || family == PF_INET6;
  return constants::name_of(named ? constants::ip_protocols : constants::Constants(), protocol, 10);
}

std::string message_flags(const CallVariable& variable, const CallView& view) {
  constexpr std::int64_t compat = 0x80000000;  // the kernel's mark for calls of 32-bit tasks
  return constants::names_of_bits(constants::message_flags, value_of(variable.of, view) & ~compat);
}

}  // namespace socktap::rendering
