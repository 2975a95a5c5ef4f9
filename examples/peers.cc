// Whom a command talks to: messages and bytes by address, when it has ended.
//
//   peers curl -s http://127.0.0.1/

#include <socktap/socktap.h>
#include <sys/socket.h>

#include <csignal>
#include <cstdint>
#include <cstdio>
#include <map>
#include <string>

namespace {

struct Traffic {
  std::uint64_t messages = 0, sent = 0, received = 0;  // bytes
};

std::string peer_of(const socktap::EventView& event) {
  if (std::string address = event.remote_addr(); !address.empty())
    return address + " port " + std::to_string(event.remote_port());
  if (std::string path = event.path(); !path.empty()) return path;
  return std::string(socktap::family_name(event.family()));
}

void print(const std::map<std::string, Traffic>& peers) {
  for (const auto& [peer, traffic] : peers)
    std::printf("%-40s %8llu messages %12llu bytes sent %12llu received\n", peer.c_str(),
                static_cast<unsigned long long>(traffic.messages),
                static_cast<unsigned long long>(traffic.sent),
                static_cast<unsigned long long>(traffic.received));
}

int fail(const socktap::Error& error) {
  std::fprintf(stderr, "peers: %s\n", error.message.c_str());
  if (!error.hint.empty()) std::fprintf(stderr, "hint: %s\n", error.hint.c_str());
  return 1;
}

socktap::Session* running = nullptr;

}  // namespace

int main(int count, char** words) {
  if (count < 2) return fail({"no command", "peers COMMAND ARGUMENTS", 0});
  socktap::Session session({.command = {words + 1, words + count}});

  // Failures are left out in the kernel; what is only peeked at is received again.
  const std::string condition = "success && !(msg_flags & " + std::to_string(MSG_PEEK) + ")";
  std::map<std::string, Traffic> peers;
  const auto added =
      session.on({.points = "socket.send, socket.receive",
                  .condition = condition,
                  .variables = {"size", "family", "remote_addr", "remote_port", "path"}},
                 [&](const socktap::EventView& event) {
                   Traffic& traffic = peers[peer_of(event)];
                   const auto bytes = static_cast<std::uint64_t>(event.size());
                   ++traffic.messages;
                   (event.point() == "socket.send" ? traffic.sent : traffic.received) += bytes;
                 });
  if (!added) return fail(added.error());

  running = &session;
  std::signal(SIGINT, [](int) { running->stop(); });
  const auto summary = session.run();
  if (!summary) return fail(summary.error());
  print(peers);
  return 0;
}
