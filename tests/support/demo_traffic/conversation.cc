#include "conversation.h"

#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstring>
#include <thread>
#include <vector>

namespace demo {
namespace {

using Clock = std::chrono::steady_clock;

struct Address {
  sockaddr_storage storage{};
  socklen_t length = sizeof storage;
  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};

Address address_for(const Conversation& talk) {
  Address address;
  if (talk.family == AF_INET) {
    sockaddr_in in{};
    in.sin_family = AF_INET;
    in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    std::memcpy(&address.storage, &in, sizeof in);
    address.length = sizeof in;
  } else if (talk.family == AF_INET6) {
    sockaddr_in6 in6{};
    in6.sin6_family = AF_INET6;
    in6.sin6_addr = in6addr_loopback;
    std::memcpy(&address.storage, &in6, sizeof in6);
    address.length = sizeof in6;
  } else {  // an abstract name that the kernel chooses
    address.storage.ss_family = AF_UNIX;
    address.length = sizeof(sa_family_t);
  }
  return address;
}

// Bound, and listening where that is needed; -1 if refused. `address` is then where it is.
int open_server(const Conversation& talk, Address& address) {
  const int fd = socket(talk.family, talk.type | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  address = address_for(talk);
  const bool bound = bind(fd, address.get(), address.length) == 0;
  address.length = sizeof address.storage;
  const bool named = bound && getsockname(fd, address.get(), &address.length) == 0;
  if (!named || (talk.type == SOCK_STREAM && listen(fd, 4) != 0)) {
    close(fd);
    return -1;
  }
  return fd;
}

// Reads exactly `size` bytes of a stream, or one datagram. False when the peer is gone.
bool receive(int fd, std::vector<char>& room, std::size_t size, int type, Address* from = nullptr) {
  for (std::size_t got = 0; got < size;) {
    if (from != nullptr) from->length = sizeof from->storage;
    const ssize_t n = recvfrom(fd, room.data() + got, room.size() - got, 0,
                               from != nullptr ? from->get() : nullptr,
                               from != nullptr ? &from->length : nullptr);
    if (n <= 0) return false;
    if (type == SOCK_DGRAM) return true;
    got += static_cast<std::size_t>(n);
  }
  return true;
}

void serve(const Conversation& talk, int listening) {
  std::vector<char> room(talk.request + talk.reply);
  const bool stream = talk.type == SOCK_STREAM;
  const int fd = stream ? accept(listening, nullptr, nullptr) : listening;
  const timeval patience{1, 0};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  Address from;
  while (receive(fd, room, talk.request, talk.type, stream ? nullptr : &from)) {
    const ssize_t sent = stream ? write(fd, room.data(), talk.reply)
                                : sendto(fd, room.data(), talk.reply, 0, from.get(), from.length);
    if (sent < 0) break;
  }
}

void ask(const Conversation& talk, Address& server, double seconds) {
  const int fd = socket(talk.family, talk.type | SOCK_CLOEXEC, 0);
  if (talk.family == AF_UNIX) {  // so that the server can answer
    Address own = address_for(talk);
    if (bind(fd, own.get(), own.length) != 0) return;
  }
  if (connect(fd, server.get(), server.length) != 0) return;
  const timeval patience{1, 0};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  std::vector<char> room(talk.request + talk.reply, 'q');
  const auto until = Clock::now() + std::chrono::duration<double>(seconds);
  const auto pause = std::chrono::microseconds(1'000'000 / talk.per_second);
  while (Clock::now() < until) {
    if (send(fd, room.data(), talk.request, MSG_NOSIGNAL) < 0) return;
    if (!receive(fd, room, talk.reply, talk.type)) return;
    std::this_thread::sleep_for(pause);
  }
}

template <typename Body>
pid_t spawn(const std::string& name, Body body) {
  std::fflush(nullptr);
  const pid_t pid = fork();
  if (pid != 0) return pid;
  prctl(PR_SET_NAME, name.c_str());
  body();
  _exit(0);
}

}  // namespace

Processes start(const Conversation& talk, double seconds) {
  Address address;
  const int listening = open_server(talk, address);
  if (listening < 0) return {};
  Processes processes;
  processes.server = spawn(talk.server, [&] { serve(talk, listening); });
  processes.client = spawn(talk.client, [&] {
    close(listening);
    ask(talk, address, seconds);
  });
  close(listening);
  return processes;
}

}  // namespace demo
