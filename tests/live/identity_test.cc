// What sockets are called: their descriptors, paths and network namespaces, and the cgroups of
// those who use them.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <sstream>
#include <string>
#include <vector>

#include "base/cgroups.h"
#include "base/proc.h"
#include "base/unique_fd.h"
#include "command.h"

namespace socktap::test {
namespace {

using namespace std::chrono_literals;

UniqueFd made(int family, int type) { return UniqueFd(::socket(family, type, 0)); }

UniqueFd at(const UniqueFd& socket, int descriptor) {
  return UniqueFd(::dup2(socket.get(), descriptor));
}

struct LocalAddress {
  // A name that begins with a zero is an abstract one.
  explicit LocalAddress(const std::string& name)
      : size(static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size())) {
    name.copy(address.sun_path, sizeof address.sun_path);
  }
  const sockaddr* generic() const { return reinterpret_cast<const sockaddr*>(&address); }

  sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
  socklen_t size;
};

bool exchange(int from, int to) {
  char byte = 'x';
  return ::send(from, &byte, 1, 0) == 1 && ::recv(to, &byte, 1, 0) == 1;
}

// Two ends of a connection between a bound socket of AF_UNIX and one that is not.
bool talk_at(const std::string& name, int type, int descriptor) {
  const LocalAddress address(name);
  const UniqueFd server = made(AF_UNIX, type);
  const UniqueFd client = at(made(AF_UNIX, type), descriptor);
  if (::bind(server.get(), address.generic(), address.size) != 0) return false;
  if (type != SOCK_DGRAM) ::listen(server.get(), 1);
  if (::connect(client.get(), address.generic(), address.size) != 0) return false;
  if (type == SOCK_DGRAM) return exchange(client.get(), server.get());
  const UniqueFd accepted(::accept(server.get(), nullptr, nullptr));
  return exchange(client.get(), accepted.get()) && exchange(accepted.get(), client.get());
}

bool talk_in_a_pair(int descriptor) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) return false;
  const UniqueFd one(ends[0]);
  const UniqueFd other(ends[1]);
  const UniqueFd sender = at(one, descriptor);
  return exchange(sender.get(), other.get());
}

bool talk_by_ip(int type, int descriptor) {
  sockaddr_in here{.sin_family = AF_INET, .sin_port = 0, .sin_addr = {htonl(INADDR_LOOPBACK)}};
  socklen_t size = sizeof here;
  const UniqueFd server = made(AF_INET, type);
  const UniqueFd client = at(made(AF_INET, type), descriptor);
  auto* const address = reinterpret_cast<sockaddr*>(&here);
  if (::bind(server.get(), address, size) != 0) return false;
  ::getsockname(server.get(), address, &size);
  if (type == SOCK_STREAM) ::listen(server.get(), 1);
  if (::connect(client.get(), address, size) != 0) return false;
  if (type == SOCK_DGRAM) return exchange(client.get(), server.get());
  const UniqueFd accepted(::accept(server.get(), nullptr, nullptr));
  return exchange(client.get(), accepted.get());
}

// As the script prints them.
struct Line {
  std::string point;
  int family = -1, fd = -2;
  std::uint64_t netns = 0, cgroup = 0;
  std::string path;

  bool operator==(const Line&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Line& line) {
  return out << line.point << " family " << line.family << " fd " << line.fd << " netns "
             << line.netns << " cgroup " << line.cgroup << " path " << line.path;
}

constexpr const char* prints =
    R"({ printf("%s %d %d %d %d [%s]\n", pn(), family, fd, netns, cgroup, path) })";

Line line_of(const std::string& text) {
  std::istringstream words(text);
  Line line;
  std::string path;
  words >> line.point >> line.family >> line.fd >> line.netns >> line.cgroup >> path;
  line.path = path.size() < 2 ? path : path.substr(1, path.size() - 2);
  return line;
}

// What a script prints of what this process does meanwhile.
std::vector<Line> observe(const std::string& script, const std::function<void()>& act) {
  Command socktap(socktap_run(
      {"-e", "probe begin { println(\"ready\") }\n" + script, "-x", std::to_string(::getpid())}));
  EXPECT_TRUE(socktap.printed("ready\n", 10s));
  act();
  socktap.signal(SIGINT);
  const Outcome outcome = socktap.wait();
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.errors, "");
  std::vector<Line> lines;
  for (const std::string& text : lines_of(outcome.output))
    if (text != "ready") lines.push_back(line_of(text));
  return lines;
}

std::uint64_t own_netns() {
  struct stat status {};
  EXPECT_EQ(::stat("/proc/self/ns/net", &status), 0);
  return status.st_ino;
}

std::uint64_t own_cgroup() {
  const auto mount = cgroup_mount();
  return mount ? cgroup_of_task(*mount, ::getpid()) : 0;
}

class Identity : public testing::Test {
 protected:
  void SetUp() override {
    if (const std::string why = refusal(); !why.empty()) GTEST_SKIP() << why;
  }

  // Who the line is about apart from that.
  Line line(const std::string& point, int family, int fd, const std::string& path) const {
    return {point, family, fd, netns_, cgroup_, path};
  }
  static int count(const std::vector<Line>& lines, const Line& wanted) {
    return static_cast<int>(std::ranges::count(lines, wanted));
  }
  void expect_sender(const std::vector<Line>& lines, int family, int fd, const std::string& path) {
    for (const char* point : {"socket.sendmsg", "socket.sendmsg.return", "socket.close"})
      EXPECT_EQ(count(lines, line(point, family, fd, path)), 1)
          << line(point, family, fd, path) << "\nis not among\n"
          << testing::PrintToString(lines);
  }

  std::uint64_t netns_ = own_netns();
  std::uint64_t cgroup_ = own_cgroup();
};

TEST_F(Identity, OfSocketsOfUnix) {
  const TemporaryFolder folder("identity");
  const std::string path = folder.path() + "/server";
  const std::string datagrams = folder.path() + "/datagrams";
  const std::string abstract = "socktap-" + std::to_string(::getpid());
  const auto lines = observe(
      "probe socket.sendmsg, socket.sendmsg.return, socket.recvmsg, socket.recvmsg.return, "
      "socket.close " +
          std::string(prints),
      [&] {
        EXPECT_TRUE(talk_at(path, SOCK_STREAM, 200));
        EXPECT_TRUE(talk_at('\0' + abstract, SOCK_SEQPACKET, 201));
        EXPECT_TRUE(talk_at(datagrams, SOCK_DGRAM, 202));
        EXPECT_TRUE(talk_in_a_pair(203));
      });
  expect_sender(lines, AF_UNIX, 200, path);
  expect_sender(lines, AF_UNIX, 201, "@" + abstract);
  expect_sender(lines, AF_UNIX, 202, datagrams);
  EXPECT_EQ(count(lines, line("socket.sendmsg", AF_UNIX, 203, "")), 1);
  EXPECT_EQ(count(lines, line("socket.recvmsg", AF_UNIX, 200, path)), 1);
  EXPECT_EQ(count(lines, line("socket.recvmsg.return", AF_UNIX, 201, "@" + abstract)), 1);
  for (const Line& each : lines) {
    EXPECT_EQ(each.netns, netns_) << each;
    EXPECT_EQ(each.cgroup, cgroup_) << each;
  }
}

TEST_F(Identity, OfSocketsOfIp) {
  const auto lines =
      observe("probe socket.sendmsg, socket.sendmsg.return, socket.recvmsg.return, socket.close " +
                  std::string(prints),
              [] {
                EXPECT_TRUE(talk_by_ip(SOCK_STREAM, 204));
                EXPECT_TRUE(talk_by_ip(SOCK_DGRAM, 205));
              });
  expect_sender(lines, AF_INET, 204, "");
  expect_sender(lines, AF_INET, 205, "");
}

// Where the function is hooked that makes all sockets, it is not known yet.
TEST_F(Identity, OfSocketsThatAreMade) {
  int descriptor = -1;
  int ends[2] = {-1, -1};
  const auto lines =
      observe("probe socket.create, socket.create.return " + std::string(prints), [&] {
        const UniqueFd one = made(AF_INET, SOCK_DGRAM);
        descriptor = one.get();
        ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
        for (const int end : ends) ::close(end);
      });
  ASSERT_EQ(lines.size(), 6U);
  const bool is_known = lines[1].fd != -1;
  EXPECT_EQ(lines[0], line("socket.create", AF_INET, -1, ""));
  EXPECT_EQ(lines[1], line("socket.create.return", AF_INET, is_known ? descriptor : -1, ""));
  for (const int end : ends)
    EXPECT_EQ(count(lines, line("socket.create.return", AF_UNIX, is_known ? end : -1, "")),
              is_known ? 1 : 2);
}

// By other calls than those of sockets.
TEST_F(Identity, OfWhoReadsAndWrites) {
  const auto lines = observe("probe socket.send, socket.receive " + std::string(prints), [&] {
    int ends[2];
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_DGRAM, 0, ends), 0);
    const UniqueFd one = at(UniqueFd(ends[0]), 206);
    const UniqueFd other = at(UniqueFd(ends[1]), 207);
    char byte = 'x';
    iovec vector{&byte, 1};
    mmsghdr batch{.msg_hdr = {.msg_iov = &vector, .msg_iovlen = 1}, .msg_len = 0};
    EXPECT_EQ(::write(one.get(), &byte, 1), 1);
    EXPECT_EQ(::readv(other.get(), &vector, 1), 1);
    EXPECT_EQ(::sendmmsg(one.get(), &batch, 1, 0), 1);
    EXPECT_EQ(::recvmmsg(other.get(), &batch, 1, 0, nullptr), 1);
  });
  EXPECT_EQ(count(lines, line("socket.send", AF_UNIX, 206, "")), 2);
  EXPECT_EQ(count(lines, line("socket.receive", AF_UNIX, 207, "")), 2);
  EXPECT_EQ(lines.size(), 4U);
}

TEST_F(Identity, OfWhoSplices) {
  int pipe[2];
  ASSERT_EQ(::pipe(pipe), 0);
  const UniqueFd from(pipe[0]);
  const UniqueFd to(pipe[1]);
  const auto lines = observe("probe socket.send, socket.receive " + std::string(prints), [&] {
    int ends[2];
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    const UniqueFd one = at(UniqueFd(ends[0]), 206);
    const UniqueFd other = at(UniqueFd(ends[1]), 207);
    char byte = 'x';
    EXPECT_EQ(::write(to.get(), &byte, 1), 1);
    EXPECT_EQ(::splice(from.get(), nullptr, one.get(), nullptr, 1, 0), 1);
    EXPECT_EQ(::read(other.get(), &byte, 1), 1);
  });
  EXPECT_EQ(count(lines, line("socket.send", AF_UNIX, 206, "")), 1);
  EXPECT_EQ(count(lines, line("socket.receive", AF_UNIX, 207, "")), 1);
}

TEST_F(Identity, ConditionsOnItLeaveOthersOut) {
  const auto lines = observe(
      "probe socket.sendmsg.return, socket.sendmsg, socket.close { if (fd != 208 || netns != " +
          std::to_string(netns_) + " || cgroup != " + std::to_string(cgroup_) +
          " || remote_port == 0) next; " + (prints + 1),
      [] {
        EXPECT_TRUE(talk_by_ip(SOCK_STREAM, 208));
        EXPECT_TRUE(talk_by_ip(SOCK_STREAM, 209));
        EXPECT_TRUE(talk_in_a_pair(208));
      });
  EXPECT_EQ(lines.size(), 3U) << testing::PrintToString(lines);
  expect_sender(lines, AF_INET, 208, "");
}

TEST_F(Identity, ACgroupsIdHasAPath) {
  if (cgroup_ == 0) GTEST_SKIP() << "no cgroup of version 2 is known";
  const Outcome outcome =
      run({SOCKTAP_BINARY, "run", "-q", "-e",
           "probe begin { println(cgroup_path(" + std::to_string(cgroup_) + ")) exit() }"});
  const std::string text = read_proc(::getpid(), "cgroup", 1 << 16);
  EXPECT_EQ(outcome.output, std::string(*cgroup_in(text)) + "\n");
}

}  // namespace
}  // namespace socktap::test
