// tcp.* and udp.*: the messages of these sockets and no others, with the addresses of both ends.

#include <arpa/inet.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>

#include <array>
#include <functional>
#include <string>

#include "base/unique_fd.h"
#include "command.h"

namespace socktap::test {
namespace {

using namespace std::chrono_literals;

sockaddr_storage loopback(int family) {
  sockaddr_storage address{};
  address.ss_family = static_cast<sa_family_t>(family);
  if (family == AF_INET)
    reinterpret_cast<sockaddr_in&>(address).sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  else
    reinterpret_cast<sockaddr_in6&>(address).sin6_addr = in6addr_loopback;
  return address;
}

sockaddr* generic(sockaddr_storage& address) { return reinterpret_cast<sockaddr*>(&address); }

// Both ends of a connection over the loopback device, made before the run begins.
struct Connection {
  Connection(int family, int type) {
    sockaddr_storage address = loopback(family);
    socklen_t length = sizeof address;
    UniqueFd first(::socket(family, type | SOCK_CLOEXEC, 0));
    EXPECT_EQ(::bind(first.get(), generic(address), length), 0);
    EXPECT_EQ(::getsockname(first.get(), generic(address), &length), 0);
    if (type == SOCK_STREAM) {
      EXPECT_EQ(::listen(first.get(), 1), 0);
    }
    client = UniqueFd(::socket(family, type | SOCK_CLOEXEC, 0));
    EXPECT_EQ(::connect(client.get(), generic(address), length), 0);
    server =
        type == SOCK_STREAM ? UniqueFd(::accept(first.get(), nullptr, nullptr)) : std::move(first);
    client_port = port_of(client);
    server_port = port_of(server);
  }

  static int port_of(const UniqueFd& fd) {
    sockaddr_storage address{};
    socklen_t length = sizeof address;
    EXPECT_EQ(::getsockname(fd.get(), generic(address), &length), 0);
    return ntohs(reinterpret_cast<sockaddr_in&>(address).sin_port);  // where IPv6 has it, too
  }

  // One message of this many bytes.
  void exchange(std::size_t size) const {
    std::array<char, 4096> data{};
    EXPECT_EQ(::send(client.get(), data.data(), size, 0), static_cast<ssize_t>(size));
    EXPECT_EQ(::recv(server.get(), data.data(), data.size(), 0), static_cast<ssize_t>(size));
  }

  UniqueFd client, server;
  int client_port = 0, server_port = 0;
};

// What a script prints of what this process does meanwhile.
std::string observe(const std::string& script, const std::function<void()>& act) {
  Command socktap(socktap_run(
      {"-e", "probe begin { println(\"ready\") }\n" + script, "-x", std::to_string(::getpid())}));
  EXPECT_TRUE(socktap.printed("ready\n", 10s));
  act();
  socktap.signal(SIGINT);
  const Outcome outcome = socktap.wait();
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.errors, "");
  return outcome.output;
}

constexpr const char* print_all =
    "{ printf(\"%s %d %d %s %d %s %d\\n\", pp(), size, family, saddr, sport, daddr, dport) }";

TEST(Transports, ShowTheirMessagesWithBothEnds) {
  if (const std::string why = refusal(); !why.empty()) GTEST_SKIP() << why;
  const Connection tcp(AF_INET, SOCK_STREAM);
  const Connection udp(AF_INET6, SOCK_DGRAM);
  std::array<int, 2> local{};
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, local.data()), 0);
  const UniqueFd left(local[0]), right(local[1]);
  const std::string output =
      observe(fmt::format("probe tcp.sendmsg, tcp.sendmsg.return, tcp.recvmsg.return, udp.sendmsg, "
                          "udp.sendmsg.return, udp.recvmsg, udp.recvmsg.return {}",
                          print_all),
              [&] {
                EXPECT_EQ(::send(left.get(), "no", 2, 0), 2);
                tcp.exchange(700);
                udp.exchange(90);
              });
  const std::string to =
      fmt::format(" 127.0.0.1 {} 127.0.0.1 {}", tcp.client_port, tcp.server_port);
  const std::string back =
      fmt::format(" 127.0.0.1 {} 127.0.0.1 {}", tcp.server_port, tcp.client_port);
  const std::string six = fmt::format(" ::1 {} ::1 {}", udp.client_port, udp.server_port);
  const std::string unconnected = fmt::format(" ::1 {} :: 0", udp.server_port);
  EXPECT_EQ(output, "ready\ntcp.sendmsg 700 2" + to + "\ntcp.sendmsg.return 700 2" + to +
                        "\ntcp.recvmsg.return 700 2" + back + "\nudp.sendmsg 90 10" + six +
                        "\nudp.sendmsg.return 90 10" + six + "\nudp.recvmsg 4096 10" + unconnected +
                        "\nudp.recvmsg.return 90 10" + unconnected + "\n");
}

TEST(Transports, AddressesAreForSocketPointsToo) {
  if (const std::string why = refusal(); !why.empty()) GTEST_SKIP() << why;
  const Connection udp(AF_INET, SOCK_DGRAM);
  const std::string output = observe(
      "probe socket.send { println(local_addr, \" \", local_port, \" \", remote_addr, \" \", "
      "remote_port) }",
      [&] { udp.exchange(20); });
  EXPECT_EQ(output,
            fmt::format("ready\n127.0.0.1 {} 127.0.0.1 {}\n", udp.client_port, udp.server_port));
}

TEST(Transports, ShowHowSocketsLeaveTheirPeers) {
  if (const std::string why = refusal(); !why.empty()) GTEST_SKIP() << why;
  const Connection tcp(AF_INET, SOCK_STREAM);
  const Connection udp(AF_INET, SOCK_DGRAM);
  const sockaddr nobody = {.sa_family = AF_UNSPEC, .sa_data = {}};
  const std::string output = observe(
      "probe tcp.disconnect, udp.disconnect { println(name, \" \", flags, \" \", sport, \" \", "
      "dport) }\n"
      "probe tcp.disconnect.return, udp.disconnect.return { println(name, \" \", ret, \" \", "
      "daddr) }",
      [&] {
        EXPECT_EQ(::connect(tcp.client.get(), &nobody, sizeof nobody), 0);
        EXPECT_EQ(::connect(udp.client.get(), &nobody, sizeof nobody), 0);
        sockaddr_storage somebody = loopback(AF_INET);
        reinterpret_cast<sockaddr_in&>(somebody).sin_port = htons(9);
        EXPECT_EQ(::connect(udp.client.get(), generic(somebody), sizeof(sockaddr_in)), 0);
      });
  EXPECT_EQ(output,
            fmt::format("ready\ntcp.disconnect 2 {} {}\ntcp.disconnect 0 127.0.0.1\n"
                        "udp.disconnect 2 {} {}\nudp.disconnect 0 0.0.0.0\n",
                        tcp.client_port, tcp.server_port, udp.client_port, udp.server_port));
}

// (TCP forgets its ports, but not the address of its peer.)
// A connection from its first segment to its last: SYN, SYN ACK, ACK, the data, ..., FIN.
TEST(Transports, SegmentsOfAConnectionAreSeenAsTheyArrive) {
  if (const std::string why = refusal_of_ebpf(); !why.empty()) GTEST_SKIP() << why;
  const UniqueFd listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_storage address = loopback(AF_INET);
  socklen_t length = sizeof address;
  ASSERT_EQ(::bind(listener.get(), generic(address), length), 0);
  ASSERT_EQ(::getsockname(listener.get(), generic(address), &length), 0);
  ASSERT_EQ(::listen(listener.get(), 1), 0);
  const int port = ntohs(reinterpret_cast<sockaddr_in&>(address).sin_port);
  const std::string output = observe(
      fmt::format(
          "global mine, bytes, others\n"
          "probe tcp.receive {{ if (dport == {0} && saddr == \"127.0.0.1\") {{ mine = mine "
          ". sprintf(\"%s%s%s%s \", syn ? \"S\" : \"\", ack ? \"A\" : \"\", fin ? \"F\" : "
          "\"\", rst ? \"R\" : \"\"); bytes += length; if (family != 2 || daddr != "
          "\"127.0.0.1\" || dev_name != \"lo\" || ntohs(protocol) != 0x800) others++ }} }}\n"
          "probe end {{ println(mine, bytes, \" \", others) }}",
          port),
      [&] {
        const UniqueFd client(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        ASSERT_EQ(::connect(client.get(), generic(address), length), 0);
        const UniqueFd server(::accept(listener.get(), nullptr, nullptr));
        std::array<char, 4096> data{};
        ASSERT_EQ(::send(client.get(), data.data(), 1234, 0), 1234);
        ASSERT_EQ(::recv(server.get(), data.data(), data.size(), 0), 1234);
        ASSERT_EQ(::shutdown(client.get(), SHUT_WR), 0);
        ASSERT_EQ(::recv(server.get(), data.data(), data.size(), 0), 0);
      });
  EXPECT_EQ(output.substr(0, 14), "ready\nS A A AF") << output;
  EXPECT_NE(output.find(" 1234 0\n"), std::string::npos) << output;
}

}  // namespace
}  // namespace socktap::test
