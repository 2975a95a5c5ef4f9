#include "sources/ptrace/net_table.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

namespace socktap::sources::ptrace {
namespace {

constexpr std::size_t enough = 10;  // no table has what is looked for further behind
using Columns = std::array<std::string_view, enough>;

Columns columns_of(std::string_view line) {
  Columns columns;
  for (std::string_view& column : columns) {
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    column = line.substr(0, line.find(' '));
    line.remove_prefix(column.size());
  }
  return columns;
}

template <typename Number>
bool read(std::string_view text, int base, Number& number) {
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number, base);
  return error == std::errc() && stopped == end;
}

// "0100007F:1F90": an address as words of the kernel's memory, and a port.
bool read(std::string_view text, Endpoint& endpoint) {
  constexpr std::size_t digits = 8;  // of a word
  const std::size_t length = text.find(':');
  if (length != digits && length != 4 * digits) return false;
  for (std::size_t at = 0; at < length; at += digits) {
    std::uint32_t word = 0;
    if (!read(text.substr(at, digits), 16, word)) return false;
    std::memcpy(&endpoint.address[at / 2], &word, sizeof word);
  }
  return read(text.substr(length + 1), 16, endpoint.port);
}

bool read_ip(const Columns& columns, NetEntry& entry) {
  constexpr std::size_t length_of_ipv4 = 8 + 1 + 4;
  entry.addresses.family = columns[1].size() == length_of_ipv4 ? AF_INET : AF_INET6;
  return read(columns[1], entry.addresses.local) && read(columns[2], entry.addresses.remote) &&
         read(columns[3], 16, entry.stage) && read(columns[9], 10, entry.inode);
}

// What is bound to there is a protocol.
bool read_raw(const Columns& columns, NetEntry& entry) {
  if (!read_ip(columns, entry)) return false;
  entry.protocol = entry.addresses.local.port;
  return true;
}

// A name is the last column, and may have spaces. Of an abstract one, which begins with @, each
// zero is shown so, too.
std::string path_behind(std::string_view column, std::string_view line) {
  const char* end = column.data() + column.size();
  std::string path(end, line.data() + line.size());
  path.erase(0, std::min(path.find_first_not_of(' '), path.size()));
  while (path.size() > 1 && path.front() == '@' && path.back() == '@') path.pop_back();
  return path;
}

bool read_local(const Columns& columns, NetEntry& entry) {
  return read(columns[4], 16, entry.type) && read(columns[5], 16, entry.stage) &&
         read(columns[6], 10, entry.inode);
}

bool read_netlink(const Columns& columns, NetEntry& entry) {
  return read(columns[1], 10, entry.protocol) && read(columns[9], 10, entry.inode);
}

bool read_packet(const Columns& columns, NetEntry& entry) {
  return read(columns[2], 10, entry.type) && read(columns[8], 10, entry.inode);
}

bool read(NetTable table, const Columns& columns, NetEntry& entry) {
  switch (table) {
    case NetTable::none:
      return false;
    case NetTable::ip:
      return read_ip(columns, entry);
    case NetTable::raw:
      return read_raw(columns, entry);
    case NetTable::local:
      return read_local(columns, entry);
    case NetTable::netlink:
      return read_netlink(columns, entry);
    case NetTable::packet:
      return read_packet(columns, entry);
  }
  return false;
}

}  // namespace

std::optional<NetEntry> net_entry(NetTable table, std::string_view line) {
  NetEntry entry;
  const Columns columns = columns_of(line);
  if (!read(table, columns, entry)) return std::nullopt;
  if (table == NetTable::local) entry.path = path_behind(columns[6], line);
  return entry;
}

}  // namespace socktap::sources::ptrace
