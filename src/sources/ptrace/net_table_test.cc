#include "sources/ptrace/net_table.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <string>

namespace socktap::sources::ptrace {
namespace {

std::string text_of(const SocketAddresses& addresses, const Endpoint& endpoint) {
  char text[INET6_ADDRSTRLEN] = {};
  ::inet_ntop(addresses.family, endpoint.address.data(), text, sizeof text);
  return text + ("#" + std::to_string(endpoint.port));
}

std::string text_of(const std::optional<NetEntry>& entry) {
  if (!entry) return "none";
  return std::to_string(entry->inode) + " stage " + std::to_string(entry->stage) + " " +
         text_of(entry->addresses, entry->addresses.local) + " " +
         text_of(entry->addresses, entry->addresses.remote);
}

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
TEST(NetTable, TellsEndsAndStageOfIp) {
  EXPECT_EQ(text_of(net_entry(NetTable::ip,
                              "   0: 0100007F:07E8 00000000:0000 0A 00000000:00000000 00:00000000 "
                              "00000000     0        0 1231 1 0000000039bb25ca 100 0 0 10 0")),
            "1231 stage 10 127.0.0.1#2024 0.0.0.0#0");
  EXPECT_EQ(text_of(net_entry(NetTable::ip,
                              " 12345: 0000000000000000FFFF00000100007F:BBB4 "
                              "00000000000000000000000001000000:E645 01 00000000:00000000 "
                              "00:00000000 00000000  1000        0 4294967295 2 0000000000000000")),
            "4294967295 stage 1 ::ffff:127.0.0.1#48052 ::1#58949");
}
#endif

TEST(NetTable, TellsTheProtocolOfRawSockets) {
  const auto entry =
      net_entry(NetTable::raw,
                " 255: 00000000:00FF 00000000:0000 07 00000000:00000000 00:00000000 00000000     0 "
                "       0 5512 2 000000008ea0f4a1 0");
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->protocol, 255);
  EXPECT_EQ(entry->inode, 5512u);
}

TEST(NetTable, TellsTypeAndStateOfUnix) {
  const auto entry = net_entry(NetTable::local,
                               "00000000558bd93b: 00000003 00000000 00000000 0005 03  1228 "
                               "@a name with spaces");
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->inode, 1228u);
  EXPECT_EQ(entry->type, SOCK_SEQPACKET);
  EXPECT_EQ(entry->stage, 3);
  EXPECT_EQ(entry->addresses, SocketAddresses());
  EXPECT_EQ(entry->path, "@a name with spaces");
}

TEST(NetTable, TellsWhereASocketOfUnixIsBound) {
  const auto path_of = [](const std::string& name) {
    const auto entry = net_entry(
        NetTable::local, "00000000558bd93b: 00000003 00000000 00000000 0001 03  1228" + name);
    return entry ? entry->path : "no entry";
  };
  EXPECT_EQ(path_of(""), "");
  EXPECT_EQ(path_of(" /run/a b"), "/run/a b");
  EXPECT_EQ(path_of(" @name@@@@"), "@name") << "zeros behind an abstract name";
  EXPECT_EQ(path_of(" /run/a@"), "/run/a@");
}

TEST(NetTable, TellsTheProtocolOfNetlinkAndTheTypeOfPacketSockets) {
  const auto netlink = net_entry(NetTable::netlink,
                                 "000000004f0edb7e 15  4294963199 00000001 0        0        0     "
                                 "2        0        407     ");
  ASSERT_TRUE(netlink);
  EXPECT_EQ(netlink->protocol, 15);
  EXPECT_EQ(netlink->inode, 407u);
  const auto packet = net_entry(NetTable::packet,
                                "000000008ea0f4a1 3      2    0003   2     1 0      0      77812 ");
  ASSERT_TRUE(packet);
  EXPECT_EQ(packet->type, SOCK_DGRAM);
  EXPECT_EQ(packet->inode, 77812u);
}

constexpr NetTable tables[] = {NetTable::none,  NetTable::ip,      NetTable::raw,
                               NetTable::local, NetTable::netlink, NetTable::packet};

TEST(NetTable, HasNoEntryInAHeading) {
  const std::string of_ip =
      "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout "
      "inode";
  const std::string of_netlink =
      "sk               Eth Pid        Groups   Rmem     Wmem     Dump  Locks    Drops    Inode";
  for (const NetTable table : tables)
    for (const std::string& line :
         {of_ip, of_netlink, std::string("Num       RefCount Protocol Flags    Type St Inode Path"),
          std::string("sk               RefCnt Type Proto  Iface R Rmem   User   Inode")})
      EXPECT_FALSE(net_entry(table, line)) << line;
}

TEST(NetTable, HasNoEntryInWhatNoKernelWrites) {
  for (const NetTable table : tables)
    for (const char* line :
         {"", " ", "\n", ":", "0: 0100007F:07E8 00000000:0000 0A", "0: 0100007F:07E8",
          "0: 0100007F 00000000 0A a b c d e 7", "0: 0100007F: 00000000: 0A a b c d e 7",
          "0: :1 :1 0A a b c d e 7", "0: 0100007G:07E8 00000000:0000 0A a b c d e 7",
          "0: 0100007F:107E8 00000000:0000 0A a b c d e 7",
          "0: 0100007F01:07E8 00000000:0000 0A a b c d e 7",
          "0: 0100007F:07E8 00000000:0000 0A a b c d e 99999999999999999999999",
          "0: 0100007F:07E8 00000000:0000 0A a b c d e -1"})
      EXPECT_FALSE(net_entry(table, line)) << line;
}

TEST(NetTable, ReadsNoFurtherThanALineGoes) {
  const std::string line =
      "0: 00000000000000000000000001000000:07E8 00000000000000000000000001000000:0000 0A a b c d e "
      "7";
  ASSERT_TRUE(net_entry(NetTable::ip, line));
  for (std::size_t length = 0; length < line.size(); ++length) {
    const std::string part = line.substr(0, length);
    for (const NetTable table : tables) EXPECT_FALSE(net_entry(table, part)) << part;
  }
}

}  // namespace
}  // namespace socktap::sources::ptrace
