#include <gtest/gtest.h>

#include "socktap/tapset.h"

namespace socktap {
namespace {

static_assert(protocol_name(6) == "TCP");
static_assert(protocol_name(61) == "UNDEF" && protocol_name(-1) == "UNDEF");
static_assert(family_number("INET6") == 10);
static_assert(family_number("PPP0X") == 24 && family_number("PPPOX") == 24);
static_assert(family_name(24) == "PPPOX");

void expect_round_trip(std::span<const NumberName> table) {
  std::int64_t last = -1;
  for (const NumberName& row : table) {
    EXPECT_GT(row.number, last) << row.name << " is out of order";
    last = row.number;
    EXPECT_EQ(name_of(table, row.number), row.name);
    EXPECT_EQ(number_of(table, row.name), row.number);
  }
}

TEST(Tables, NamesAndNumbersAgreeBothWays) {
  expect_round_trip(protocols);
  expect_round_trip(families);
  expect_round_trip(states);
  expect_round_trip(types);
}

TEST(Tables, MatchIsExactAndCaseSensitive) {
  EXPECT_EQ(protocol_number("tcp"), -1);
  EXPECT_EQ(protocol_number("TC"), -1);
  EXPECT_EQ(protocol_number(""), -1);
  EXPECT_EQ(protocol_number("Mobility-Header"), 135);
  EXPECT_EQ(protocol_number("MPTCP"), 262);
  EXPECT_EQ(family_number("VSOCK"), 40);
  EXPECT_EQ(type_number("PACKET"), 10);
  EXPECT_EQ(state_number("DISCONNECTING"), 4);
}

TEST(Tables, FlagNamesJoinLowestFirst) {
  EXPECT_EQ(socket_flag_names(0), "");
  EXPECT_EQ(socket_flag_names(0b11111), "ASYNC_NOSPACE|ASYNC_WAITDATA|NOSPACE|PASSCRED|PASSSEC");
  EXPECT_EQ(socket_flag_names(1 << 8), "PASSRIGHTS");
  EXPECT_EQ(socket_flag_names(1 << 20), "");
  EXPECT_EQ(message_flag_names(0x4000 | 0x40), "DONTWAIT|NOSIGNAL");
  EXPECT_EQ(message_flag_names(4), "DONTROUTE|TRYHARD");
  EXPECT_EQ(message_flag_names(0x40000000 | 0x80000), "CMSG_CLOEXEC");
}

}  // namespace
}  // namespace socktap
