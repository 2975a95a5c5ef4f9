// Datagrams to a named peer, from sockets that are not connected.

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <vector>

#include "address.h"
#include "exchange.h"
#include "message_parts.h"
#include "privilege.h"
#include "steps.h"

namespace socktap::workload {
namespace {

void to_named(Workbench& bench, const Link& link) {
  Recorder& recorder = bench.recorder();
  Address to = name_of(link.receiver.fd);
  std::vector<char> bytes(bench.next_size(), 'a');
  const long size = static_cast<long>(bytes.size());
  attempt(
      recorder, link.sender, {"sendto", Operation::send, Path::sendmsg, bytes.size(), size},
      [&] { return sendto(link.sender.fd, bytes.data(), bytes.size(), 0, to.get(), to.length); });
  auto parts = halves(bytes);
  msghdr header = header_of(parts);
  header.msg_name = to.get();
  header.msg_namelen = to.length;
  attempt(recorder, link.sender, {"sendmsg", Operation::send, Path::sendmsg, bytes.size(), size},
          [&] { return sendmsg(link.sender.fd, &header, 0); });
  std::vector<char> room(bytes.size() + 50);
  Address from;
  attempt(recorder, link.receiver,
          {"recvfrom", Operation::receive, Path::recvmsg, room.size(), size}, [&] {
            return recvfrom(link.receiver.fd, room.data(), room.size(), 0, from.get(),
                            &from.length);
          });
  receive_bytes(recorder, link.receiver, size);
  close_link(link, recorder);
}

void over_unix(Workbench& bench) {
  const Link link{open_socket(AF_UNIX, SOCK_DGRAM, 0, bench.recorder()),
                  open_socket(AF_UNIX, SOCK_DGRAM, 0, bench.recorder())};
  bind_to(link.receiver.fd, abstract_unix("socktap-workload-" + std::to_string(gettid())));
  to_named(bench, link);
}

void over_udp(Workbench& bench, int family) {
  if (family == AF_INET6 && !has_ipv6()) return bench.recorder().skipped("no IPv6 loopback");
  to_named(bench, {open_udp(family, bench.recorder()), open_udp(family, bench.recorder())});
}

void over_netlink(Workbench& bench) {
  const Link link{open_socket(AF_NETLINK, SOCK_RAW, NETLINK_USERSOCK, bench.recorder()),
                  open_socket(AF_NETLINK, SOCK_RAW, NETLINK_USERSOCK, bench.recorder())};
  bind_to(link.receiver.fd, netlink_address(0));
  to_named(bench, link);
}

// The kernel answers by itself: no message of ours but what we send and receive.
void link_dump(Workbench& bench) {
  Recorder& recorder = bench.recorder();
  const Socket socket = open_socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE, recorder);
  struct {
    nlmsghdr header{};
    rtgenmsg body{};
    char padding[3]{};
  } request;
  request.header.nlmsg_len = NLMSG_LENGTH(sizeof request.body);
  request.header.nlmsg_type = RTM_GETLINK;
  request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  request.body.rtgen_family = AF_UNSPEC;
  const std::size_t length = request.header.nlmsg_len;
  attempt(recorder, socket,
          {"request", Operation::send, Path::sendmsg, length, static_cast<long>(length)},
          [&] { return send(socket.fd, &request, length, 0); });
  alignas(nlmsghdr) char room[32768];
  for (bool done = false; !done;) {
    const long received = outcome(recv(socket.fd, room, sizeof room, 0));
    require(received > 0, "netlink dump", received);
    recorder.message(socket, {.operation = Operation::receive,
                              .paths = {Path::recvmsg},
                              .offered = sizeof room,
                              .moved = received});
    done = reinterpret_cast<const nlmsghdr*>(room)->nlmsg_type == NLMSG_DONE;
  }
  close_socket(socket, recorder);
}

}  // namespace

void add_addressed_steps(std::vector<Step>& steps) {
  steps.push_back({"addressed/unix_dgram", over_unix});
  steps.push_back({"addressed/udp4", [](Workbench& bench) { over_udp(bench, AF_INET); }});
  steps.push_back({"addressed/udp6", [](Workbench& bench) { over_udp(bench, AF_INET6); }});
  steps.push_back({"addressed/netlink_user", over_netlink});
  steps.push_back({"addressed/netlink_route_dump", link_dump});
}

}  // namespace socktap::workload
