// netdev.*: every packet that a device is handed, and that comes from one, once.

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <map>
#include <sstream>
#include <string>

#include "base/unique_fd.h"
#include "command.h"

namespace socktap::test {
namespace {

using namespace std::chrono_literals;

constexpr int packets = 300;
constexpr std::size_t payload = 1'811;  // nobody else's, as long as nobody runs this test too
constexpr std::size_t headers = 20 + 8;
constexpr std::size_t device_header = 14;

// Over the loopback device, to itself. How many arrived.
int send_datagrams() {
  const UniqueFd fd(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(fd.get(), generic, length) != 0 || ::getsockname(fd.get(), generic, &length) != 0)
    return 0;
  std::array<char, payload> data{};
  int arrived = 0;
  for (int i = 0; i < packets; ++i)
    if (::sendto(fd.get(), data.data(), data.size(), 0, generic, length) > 0 &&
        ::recv(fd.get(), data.data(), data.size(), 0) > 0)
      ++arrived;
  return arrived;
}

TEST(Packets, AreSeenOnceEachWhoeverSendsThem) {
  if (const std::string why = refusal_of_ebpf(); !why.empty()) GTEST_SKIP() << why;
  const std::string script =
      "global out, back, odd\n"
      "probe begin { println(\"ready\") }\n"
      "probe netdev.transmit { if (length == " +
      std::to_string(payload + headers + device_header) +
      " && dev_name == \"lo\") { out++; if (ntohs(protocol) != 0x800 || truesize < length) odd++ } "
      "}\n"
      "probe netdev.receive { if (length == " +
      std::to_string(payload + headers) +
      " && dev_name == \"lo\") { back++; if (ntohs(protocol) != 0x800 || truesize < length) odd++ "
      "} }\n"
      "probe end { println(out, \" \", back, \" \", odd) }";
  Command socktap(socktap_run({"-e", script, "-c", "sleep 60"}));
  ASSERT_TRUE(socktap.printed("ready", 10s));
  ASSERT_EQ(send_datagrams(), packets);
  socktap.signal(SIGINT);
  const Outcome outcome = socktap.wait();
  EXPECT_EQ(outcome.output, "ready\n300 300 0\n") << outcome.errors;
}

// Loopback hands a packet over before the call that sent it is through, on the same CPU and mostly
// in the same task: records of one kind begin and end inside another's call.
TEST(Packets, ArriveInsideTheCallThatSentThem) {
  if (const std::string why = refusal_of_ebpf(); !why.empty()) GTEST_SKIP() << why;
  const std::string own = "pid() == " + std::to_string(::getpid());
  const auto is_ours = [](int length) {
    return "length == " + std::to_string(length) + " && dev_name == \"lo\"";
  };
  const std::string script =
      "probe begin { println(\"ready\") }\n"
      "probe socket.sendmsg { if (" +
      own +
      ") println(\"begin\") }\n"
      "probe netdev.transmit { if (" +
      is_ours(payload + headers + device_header) +
      ") println(\"transmit\") }\n"
      "probe netdev.receive { if (" +
      is_ours(payload + headers) +
      ") println(\"receive\") }\n"
      "probe socket.sendmsg.return { if (" +
      own + " && success && size == " + std::to_string(payload) + ") println(\"end\") }\n";
  Command socktap(socktap_run({"-e", script, "-x", std::to_string(::getpid())}));
  ASSERT_TRUE(socktap.printed("ready", 10s));
  ASSERT_EQ(send_datagrams(), packets);
  socktap.signal(SIGINT);
  const Outcome outcome = socktap.wait();
  std::map<std::string, int> seen;
  int inside = 0, nested = 0;
  std::istringstream lines(outcome.output);
  for (std::string line; std::getline(lines, line); ++seen[line]) {
    if (line == "begin") ++inside;
    if (line == "end") --inside;
    nested += line == "receive" && inside == 1;
    EXPECT_TRUE(inside == 0 || inside == 1) << "calls of one thread follow each other";
    EXPECT_TRUE(line != "transmit" || inside == 1);
  }
  for (const char* line : {"begin", "transmit", "receive", "end"})
    EXPECT_EQ(seen[line], packets) << line << '\n' << outcome.errors;
  EXPECT_GT(nested, packets / 2);
}

}  // namespace
}  // namespace socktap::test
