#include "event/derived.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace socktap {
namespace {

using tapset::AddressText;
using tapset::Field;

const tapset::ProbePoint& point(std::string_view name) { return *tapset::find_probe_point(name); }

WholeEvent connected(const char* local, const char* remote, int family) {
  WholeEvent event{};
  event.tail.address_family = static_cast<__u16>(family);
  EXPECT_EQ(::inet_pton(family, local, event.tail.local_address), 1);
  EXPECT_EQ(::inet_pton(family, remote, event.tail.remote_address), 1);
  event.tail.local_port = 40000;
  event.tail.remote_port = 443;
  return event;
}

std::string text_of(const WholeEvent& event, Field address) {
  return text_from(AddressText{address}, point("tcp.recvmsg"), event.record);
}

TEST(Derived, AddressesAreWrittenAsTheirFamilyDoes) {
  const WholeEvent four = connected("127.0.0.1", "192.0.2.7", AF_INET);
  EXPECT_EQ(text_of(four, Field::local_address), "127.0.0.1");
  EXPECT_EQ(text_of(four, Field::remote_address), "192.0.2.7");
  const WholeEvent six = connected("::1", "2001:db8::12", AF_INET6);
  EXPECT_EQ(text_of(six, Field::local_address), "::1");
  EXPECT_EQ(text_of(six, Field::remote_address), "2001:db8::12");
  WholeEvent local{};
  EXPECT_EQ(text_of(local, Field::local_address), "") << "a socket of another family";
}

TEST(Derived, NumbersAreFieldsOrBitsOfThem) {
  WholeEvent event = connected("::1", "::1", AF_INET6);
  event.record.size = -32;
  event.tail.tcp_flags = 0x12;  // SYN, ACK
  const auto number = [&](std::string_view at, tapset::Variable variable) {
    return number_from(point(at).find(variable)->from, event.record);
  };
  EXPECT_EQ(number("tcp.sendmsg.return", tapset::Variable::size), -32);
  EXPECT_EQ(number("tcp.recvmsg", tapset::Variable::sport), 40000);
  EXPECT_EQ(number("tcp.recvmsg", tapset::Variable::dport), 443);
  EXPECT_EQ(number("tcp.receive", tapset::Variable::syn), 1);
  EXPECT_EQ(number("tcp.receive", tapset::Variable::ack), 1);
  EXPECT_EQ(number("tcp.receive", tapset::Variable::fin), 0);
}

TEST(Derived, LabelsAreThePoints) {
  const Event event{};
  const auto label = [&](std::string_view at) {
    return text_from(point(at).find(tapset::Variable::name)->from, point(at), event);
  };
  EXPECT_EQ(label("socket.sendmsg.return"), "socket.sendmsg.return");
  EXPECT_EQ(label("tcp.sendmsg.return"), "tcp.sendmsg") << "as SystemTap has it";
}

TEST(Derived, PointsOfATransportConcernItsSockets) {
  Event event{};
  event.family = AF_INET6;
  event.protocol = IPPROTO_TCP;
  event.type = SOCK_STREAM;
  EXPECT_TRUE(concerns(point("tcp.sendmsg"), event));
  EXPECT_TRUE(concerns(point("socket.sendmsg"), event));
  EXPECT_FALSE(concerns(point("udp.sendmsg"), event));
  event.type = SOCK_RAW;
  EXPECT_FALSE(concerns(point("tcp.sendmsg"), event)) << "a raw socket of TCP's protocol";
  event.family = AF_INET;
  event.protocol = IPPROTO_UDP;
  event.type = SOCK_DGRAM;
  EXPECT_TRUE(concerns(point("udp.sendmsg"), event));
  EXPECT_FALSE(concerns(point("tcp.sendmsg"), event));
  event.family = AF_UNIX;
  EXPECT_FALSE(concerns(point("udp.sendmsg"), event));
  EXPECT_TRUE(concerns(point("socket.sendmsg"), event));
}

}  // namespace
}  // namespace socktap
