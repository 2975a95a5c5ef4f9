// Sockets of a child, asked in both ways: by descriptors of our own and by /proc.
#include "sources/ptrace/sockets.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <ostream>
#include <string>

#include "sources/ptrace/asked_socket.h"
#include "sources/ptrace/listed_socket.h"

namespace socktap::sources::ptrace {
namespace {

// Has what descriptors we have when it is made.
class Child {
 public:
  Child() : number_(::fork()) {
    while (number_ == 0) ::pause();
  }
  ~Child() {
    ::kill(number_, SIGKILL);
    ::waitpid(number_, nullptr, 0);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ProcessHandle handle() const { return ProcessHandle(number_); }

 private:
  pid_t number_;
};

constexpr Asked everything{.state = true, .flags = true, .addresses = true};

struct Report {
  int family, type, protocol, state;
  std::string local, remote;
  bool operator==(const Report&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Report& report) {
  return out << "family " << report.family << " type " << report.type << " protocol "
             << report.protocol << " state " << report.state << " " << report.local << " > "
             << report.remote;
}

std::string text_of(int family, const Endpoint& endpoint) {
  char text[INET6_ADDRSTRLEN] = {};
  if (family == 0) return "";
  ::inet_ntop(family, endpoint.address.data(), text, sizeof text);
  return text + ("#" + std::to_string(endpoint.port));
}

Report report_of(const Socket& socket, const SocketCondition& condition) {
  const SocketAddresses& addresses = condition.addresses;
  return {socket.family,
          socket.type,
          socket.protocol,
          condition.state,
          text_of(addresses.family, addresses.local),
          text_of(addresses.family, addresses.remote)};
}

class Asking : public testing::Test {
 protected:
  void SetUp() override {
    if (const int refusal = refusal_of_fetching(); refusal != 0)
      GTEST_SKIP() << "pidfd_getfd is refused: " << std::strerror(refusal);
  }
};

Report asked(const ProcessHandle& process, const UniqueFd& ours) {
  const UniqueFd own = process.fetch(ours.get());
  Socket socket = asked_socket(own).value_or(Socket());
  const SocketCondition condition = asked_condition(own, process, socket, everything);
  return report_of(socket, condition);
}

Report listed(const ProcessHandle& process, const UniqueFd& ours) {
  Socket socket = listed_socket(process, ours.get(), process.file_at(ours.get()).inode);
  const SocketCondition condition = listed_condition(process, socket, everything);
  return report_of(socket, condition);
}

void expect_both_ways(const UniqueFd& socket, const Report& expected) {
  const Child child;
  EXPECT_EQ(asked(child.handle(), socket), expected);
  EXPECT_EQ(listed(child.handle(), socket), expected);
}

UniqueFd open_socket(int family, int type) {
  return UniqueFd(::socket(family, type | SOCK_CLOEXEC, 0));
}

// One of this machine, with a port.
struct Address {
  sockaddr_storage storage{};
  socklen_t size = 0;

  Address(int family, const char* address) {
    storage.ss_family = static_cast<sa_family_t>(family);
    auto& ip4 = reinterpret_cast<sockaddr_in&>(storage);
    auto& ip6 = reinterpret_cast<sockaddr_in6&>(storage);
    ::inet_pton(family, address,
                family == AF_INET ? static_cast<void*>(&ip4.sin_addr) : &ip6.sin6_addr);
    size = family == AF_INET ? sizeof ip4 : sizeof ip6;
  }
  sockaddr* generic() { return reinterpret_cast<sockaddr*>(&storage); }
  std::string text() const { return text_of(storage.ss_family, endpoint_of(storage)); }
};

// Binds it there, to a port that is free.
bool bind_to(const UniqueFd& socket, Address& address) {
  return ::bind(socket.get(), address.generic(), address.size) == 0 &&
         ::getsockname(socket.get(), address.generic(), &address.size) == 0;
}

std::string own_address(const UniqueFd& socket, int family) {
  Address address(family, family == AF_INET ? "0.0.0.0" : "::");
  ::getsockname(socket.get(), address.generic(), &address.size);
  return address.text();
}

struct Network {
  const char* name;
  int family;
  const char* address;
};

class OfIp : public Asking, public testing::WithParamInterface<Network> {
 protected:
  int family() const { return GetParam().family; }
  std::string any() const { return family() == AF_INET ? "0.0.0.0#0" : "::#0"; }
  Address address() const { return {family(), GetParam().address}; }
  Report report(int type, int state, const std::string& local, const std::string& remote) const {
    return {family(), type, type == SOCK_STREAM ? IPPROTO_TCP : IPPROTO_UDP, state, local, remote};
  }
};

TEST_P(OfIp, ConnectionsOfTcp) {
  const UniqueFd listener = open_socket(family(), SOCK_STREAM);
  const UniqueFd client = open_socket(family(), SOCK_STREAM);
  expect_both_ways(client, report(SOCK_STREAM, unconnected, any(), any()));
  Address here = address();
  if (!bind_to(listener, here)) GTEST_SKIP() << std::strerror(errno);
  ASSERT_EQ(::listen(listener.get(), 1), 0);
  expect_both_ways(listener, report(SOCK_STREAM, unconnected, here.text(), any()));
  ASSERT_EQ(::connect(client.get(), here.generic(), here.size), 0);
  const UniqueFd server(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
  const std::string there = own_address(client, family());
  expect_both_ways(client, report(SOCK_STREAM, connected, there, here.text()));
  expect_both_ways(server, report(SOCK_STREAM, connected, here.text(), there));
}

// Who waits for the other's answer, because its queue is full.
TEST_P(OfIp, TcpThatConnects) {
  const UniqueFd listener = open_socket(family(), SOCK_STREAM);
  Address here = address();
  if (!bind_to(listener, here)) GTEST_SKIP() << std::strerror(errno);
  ASSERT_EQ(::listen(listener.get(), 0), 0);
  std::array<UniqueFd, 4> clients;
  for (UniqueFd& client : clients) {
    client = open_socket(family(), SOCK_STREAM | SOCK_NONBLOCK);
    static_cast<void>(::connect(client.get(), here.generic(), here.size));
  }
  const std::string there = own_address(clients.back(), family());
  expect_both_ways(clients.back(), report(SOCK_STREAM, connecting, there, here.text()));
}

TEST_P(OfIp, PeersThatAreGoneAreRemembered) {
  const UniqueFd listener = open_socket(family(), SOCK_STREAM);
  const UniqueFd client = open_socket(family(), SOCK_STREAM);
  Address here = address();
  if (!bind_to(listener, here)) GTEST_SKIP() << std::strerror(errno);
  ASSERT_EQ(::listen(listener.get(), 1), 0);
  ASSERT_EQ(::connect(client.get(), here.generic(), here.size), 0);
  const Child child;
  const ProcessHandle process = child.handle();
  const UniqueFd own = process.fetch(client.get());
  Socket by_asking = asked_socket(own).value_or(Socket());
  Socket by_list = listed_socket(process, client.get(), by_asking.inode);
  const auto expect = [&](const Report& expected) {
    const SocketCondition asked = asked_condition(own, process, by_asking, everything);
    EXPECT_EQ(report_of(by_asking, asked), expected);
    const SocketCondition listed = listed_condition(process, by_list, everything);
    EXPECT_EQ(report_of(by_list, listed), expected);
  };
  const Report before = report(SOCK_STREAM, connected, own_address(client, family()), here.text());
  expect(before);
  UniqueFd server(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(server.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  server.reset();  // what the peer is told by RST
  expect(before);
}

TEST_P(OfIp, Udp) {
  const UniqueFd sender = open_socket(family(), SOCK_DGRAM);
  const UniqueFd receiver = open_socket(family(), SOCK_DGRAM);
  expect_both_ways(sender, report(SOCK_DGRAM, unconnected, any(), any()));
  Address here = address();
  if (!bind_to(receiver, here)) GTEST_SKIP() << std::strerror(errno);
  expect_both_ways(receiver, report(SOCK_DGRAM, unconnected, here.text(), any()));
  ASSERT_EQ(::connect(sender.get(), here.generic(), here.size), 0);
  const std::string there = own_address(sender, family());
  expect_both_ways(sender, report(SOCK_DGRAM, unconnected, there, here.text()));
}

std::string name_of(const testing::TestParamInfo<Network>& network) { return network.param.name; }

INSTANTIATE_TEST_SUITE_P(Loopback, OfIp,
                         testing::Values(Network{"v4", AF_INET, "127.0.0.1"},
                                         Network{"v6", AF_INET6, "::1"},
                                         Network{"v4_mapped", AF_INET6, "::ffff:127.0.0.1"}),
                         name_of);

TEST_F(Asking, UnixPairs) {
  for (const int type : {SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET}) {
    int ends[2] = {-1, -1};
    ASSERT_EQ(::socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends), 0);
    const UniqueFd one(ends[0]);
    const UniqueFd other(ends[1]);
    expect_both_ways(one, {AF_UNIX, type, 0, connected, "", ""});
    expect_both_ways(open_socket(AF_UNIX, type), {AF_UNIX, type, 0, unconnected, "", ""});
  }
}

TEST_F(Asking, ARawSocketHasAPeerWithoutAPort) {
  const UniqueFd raw(::socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_UDP));
  if (!raw.valid()) GTEST_SKIP() << "raw sockets: " << std::strerror(errno);
  const std::string udp = "#" + std::to_string(IPPROTO_UDP);
  expect_both_ways(raw,
                   {AF_INET, SOCK_RAW, IPPROTO_UDP, unconnected, "0.0.0.0" + udp, "0.0.0.0#0"});
  Address here(AF_INET, "127.0.0.1");
  ASSERT_EQ(::connect(raw.get(), here.generic(), here.size), 0);
  expect_both_ways(raw,
                   {AF_INET, SOCK_RAW, IPPROTO_UDP, unconnected, "127.0.0.1" + udp, "127.0.0.1#0"});
}

TEST_F(Asking, WhatIsNoSocket) {
  int ends[2] = {-1, -1};
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  const UniqueFd one(ends[0]);
  UniqueFd other(ends[1]);
  const Child child;
  const ProcessHandle process = child.handle();
  EXPECT_EQ(process.file_at(one.get()).type, mode_t{S_IFIFO});
  EXPECT_EQ(process.file_at(one.get()).inode, ino_t{0});
  EXPECT_FALSE(process.file_at(one.get()).is_closed());
  EXPECT_TRUE(process.file_at(1000).is_closed());
  Sockets sockets;
  DescriptorTable table(sockets);
  EXPECT_EQ(table.at(process, one.get()).socket, nullptr);
  EXPECT_EQ(table.at(process, 1000).socket, nullptr);
  EXPECT_TRUE(table.entries().empty());
}

// Two processes, or two descriptors, and one socket.
TEST_F(Asking, ASocketIsTheSameHoweverItIsReached) {
  const UniqueFd socket = open_socket(AF_INET, SOCK_STREAM);
  const UniqueFd duplicate(::dup(socket.get()));
  const Child child;
  Sockets sockets;
  DescriptorTable of_child(sockets);
  DescriptorTable own(sockets);
  const SocketPtr first = of_child.at(child.handle(), socket.get()).socket;
  ASSERT_NE(first, nullptr);
  EXPECT_EQ(of_child.at(child.handle(), duplicate.get()).socket, first);
  EXPECT_EQ(own.at(ProcessHandle(::getpid()), socket.get()).socket, first);
  EXPECT_EQ(first->descriptors, 3);
  of_child.forget(duplicate.get());
  EXPECT_EQ(first->descriptors, 2);
}

std::string path_by_asking(const ProcessHandle& process, const UniqueFd& ours) {
  const UniqueFd own = process.fetch(ours.get());
  Socket socket = asked_socket(own).value_or(Socket());
  return asked_condition(own, process, socket, {.path = true}).path;
}

std::string path_by_list(const ProcessHandle& process, const UniqueFd& ours) {
  Socket socket = listed_socket(process, ours.get(), process.file_at(ours.get()).inode);
  return listed_condition(process, socket, {.path = true}).path;
}

TEST_F(Asking, ASocketOfUnixHasItsOwnPathOrItsPeers) {
  const std::string name = "socktap-test-" + std::to_string(::getpid());
  sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
  name.copy(address.sun_path + 1, sizeof address.sun_path - 1);
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  const UniqueFd server = open_socket(AF_UNIX, SOCK_DGRAM);
  const UniqueFd client = open_socket(AF_UNIX, SOCK_DGRAM);
  const UniqueFd other = open_socket(AF_UNIX, SOCK_DGRAM);
  ASSERT_EQ(::bind(server.get(), generic, size), 0);
  ASSERT_EQ(::connect(client.get(), generic, size), 0);
  const Child child;
  const ProcessHandle process = child.handle();
  EXPECT_EQ(path_by_asking(process, server), "@" + name);
  EXPECT_EQ(path_by_list(process, server), "@" + name);
  EXPECT_EQ(path_by_asking(process, client), "@" + name);
  EXPECT_EQ(path_by_list(process, client), "") << "/proc does not tell the peer";
  EXPECT_EQ(path_by_asking(process, other), "");
  EXPECT_EQ(path_by_list(process, other), "");
}

TEST_F(Asking, ASocketIsInANetworkNamespace) {
  const UniqueFd ours = open_socket(AF_INET, SOCK_STREAM);
  const Child child;
  const ProcessHandle process = child.handle();
  const UniqueFd own = process.fetch(ours.get());
  Socket socket = asked_socket(own).value_or(Socket());
  struct stat status {};
  ASSERT_EQ(::stat("/proc/self/ns/net", &status), 0);
  EXPECT_EQ(asked_condition(own, process, socket, {.netns = true}).netns, status.st_ino);
  EXPECT_EQ(listed_condition(process, socket, {.netns = true}).netns, status.st_ino);
}

// As when another thread closed it meanwhile, or io_uring did.
TEST_F(Asking, ADescriptorThatLeadsElsewhereByNowIsAskedAnew) {
  UniqueFd socket = open_socket(AF_INET, SOCK_STREAM);
  const UniqueFd other = open_socket(AF_UNIX, SOCK_DGRAM);
  Sockets sockets;
  DescriptorTable table(sockets);
  const ProcessHandle self(::getpid());
  const auto [first, since] = table.at(self, socket.get());
  ASSERT_NE(first, nullptr);
  ASSERT_EQ(::dup2(other.get(), socket.get()), socket.get());
  const SocketPtr second = table.at(self, socket.get()).socket;
  ASSERT_NE(second, nullptr);
  EXPECT_EQ(second->family, AF_UNIX);
  EXPECT_EQ(first->descriptors, 0);
  table.forget(socket.get(), since);  // whose closing is told late
  EXPECT_EQ(second->descriptors, 1);
}

// The same socket under the same number, but not by the same descriptor.
TEST_F(Asking, ADescriptorThatWasMadeAnewIsAnother) {
  const UniqueFd socket = open_socket(AF_INET, SOCK_STREAM);
  Sockets sockets;
  DescriptorTable table(sockets);
  const ProcessHandle self(::getpid());
  const auto before = table.at(self, socket.get());
  const auto again = table.made_at(self, socket.get());
  EXPECT_EQ(again.socket, before.socket);
  table.forget(socket.get(), before.since);
  EXPECT_EQ(before.socket->descriptors, 1);
  table.forget(socket.get(), again.since);
  EXPECT_EQ(before.socket->descriptors, 0);
}

}  // namespace
}  // namespace socktap::sources::ptrace
