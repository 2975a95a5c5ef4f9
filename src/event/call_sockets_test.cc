#include <linux/netlink.h>
#include <sys/socket.h>

#include "event/call_seen_test.h"

namespace socktap {
namespace {

std::string address(const std::string& bytes) {
  return Seen{"sendto", {3, 0, 0, 0, 0x20, bytes.size()}, {}, bytes}.value("to_str");
}

std::string of_family(std::uint16_t family, const std::string& rest) {
  return words<std::uint16_t>({family}) + rest;
}

TEST(CallSockets, InternetAddresses) {
  EXPECT_EQ(address(of_family(AF_INET,
                              std::string("\x1f\x90\x0a\x00\x00\x01", 6) + std::string(8, '\0'))),
            "{AF_INET, 10.0.0.1, 8080}");
  const std::string six =
      of_family(AF_INET6, std::string("\x01\xbb", 2) + std::string("\x01\x02\x03\x04", 4) +
                              std::string("\x20\x01", 2) + std::string(13, '\0') + '\x01' +
                              std::string(4, '\0'));
  EXPECT_EQ(address(six), "{AF_INET6, 2001:0000:0000:0000:0000:0000:0000:0001, 443}");
  const Seen connect{"connect", {3, 0x20, 28}, {}, six};
  EXPECT_EQ(connect.value("uaddr_af"), "AF_INET6");
  EXPECT_EQ(connect.value("uaddr_ip"), "2001:0000:0000:0000:0000:0000:0000:0001");
  EXPECT_EQ(connect.value("uaddr_ip_port"), "443");
  EXPECT_EQ(connect.value("uaddr_ipv6_flowinfo"), "67305985");
  EXPECT_EQ(connect.value("uaddr_ipv6_scope_id"), "67305985");
}

TEST(CallSockets, LocalAddresses) {
  EXPECT_EQ(address(of_family(AF_UNIX, text("/run/x.sock"))), "{AF_UNIX, \"/run/x.sock\"}");
  EXPECT_EQ(address(of_family(AF_UNIX, "/no/zero")), "{AF_UNIX, \"/no/zero\"}");
  EXPECT_EQ(address(of_family(AF_UNIX, std::string("\0abc", 4))), "{AF_UNIX, \"\\000abc\\000\"}");
}

TEST(CallSockets, OtherAddresses) {
  EXPECT_EQ(address(of_family(AF_NETLINK, std::string(2, '\0') + words<std::uint32_t>({77, 0xab}))),
            "{AF_NETLINK, pid=77, groups=000000ab}");
  EXPECT_EQ(
      address(of_family(AF_PACKET, words<std::uint16_t>({8}) + words<std::uint32_t>({2}) +
                                       words<std::uint16_t>({1}) + std::string("\x04\x06", 2) +
                                       words<std::uint64_t>({0x665544332211}))),
      "{AF_PACKET, proto=8, ind=2, hatype=1, pkttype=4, halen=6, addr=0x665544332211}");
}

TEST(CallSockets, OddAddresses) {
  EXPECT_EQ(address(of_family(AF_INET, "short")), "{unknown sockaddr with sa=2, salen=7}");
  EXPECT_EQ(address(of_family(99, "")), "{unknown sockaddr with sa=99, salen=2}");
  EXPECT_EQ(address(of_family(AF_UNIX, "")), "{unknown sockaddr with sa=1, salen=2}");
  EXPECT_EQ(address("x"), "{unknown sockaddr with salen=1}");
  EXPECT_EQ((Seen{"connect", {3, 0, 16}}).value("uaddr_af"), "NULL");
  EXPECT_EQ((Seen{"connect", {3, 9, 16}}).value("uaddr_af"), "{...}");
  EXPECT_EQ((Seen{"connect", {3, 9, 16}}).value("uaddr_ip"), "");
}

TEST(CallSockets, TypesAndFlags) {
  const auto type = [](std::uint64_t value) {
    return Seen{"socket", {AF_INET, value, 0}}.value("type_str");
  };
  EXPECT_EQ(type(SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK),
            "SOCK_STREAM|SOCK_CLOEXEC|SOCK_NONBLOCK");
  EXPECT_EQ(type(0), "0x0");
  EXPECT_EQ(type(SOCK_CLOEXEC), "SOCK_CLOEXEC");
  EXPECT_EQ(type(15 | SOCK_CLOEXEC | 0x100), "SOCK_CLOEXEC|0x10f");
  EXPECT_EQ(type(10), "SOCK_PACKET");
  const auto flags = [](std::uint64_t value) {
    return Seen{"recvmsg", {3, 0, value}}.value("flags_str");
  };
  EXPECT_EQ(flags(0), "0x0");
  EXPECT_EQ(flags(MSG_DONTROUTE), "MSG_DONTROUTE");
  EXPECT_EQ(flags(0x80000000 | MSG_PEEK), "MSG_PEEK") << "the mark of 32-bit calls is not shown";
  EXPECT_EQ(flags(MSG_PEEK | 0x1000000), "MSG_PEEK|0x1000000");
}

TEST(CallSockets, ProtocolsAreNamedOfInternetFamilies) {
  const auto protocol = [](std::uint64_t family, std::uint64_t number) {
    return Seen{"socket", {family, SOCK_RAW, number}}.value("protocol_str");
  };
  EXPECT_EQ(protocol(AF_INET6, 17), "IPPROTO_UDP");
  EXPECT_EQ(protocol(AF_INET, 0), "IPPROTO_IP");
  EXPECT_EQ(protocol(AF_INET, 253), "253");
  EXPECT_EQ(protocol(AF_NETLINK, 17), "17");
}

}  // namespace
}  // namespace socktap
