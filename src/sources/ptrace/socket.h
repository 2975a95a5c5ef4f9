// A socket of traced processes, as far as it is known, and what changes in its life.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string>

#include "sources/ptrace/socket_addresses.h"

namespace socktap::sources::ptrace {

struct Socket {
  std::uint64_t number = 0;  // its cookie; its inode's number, if nobody may ask for that
  int family = -1, type = -1, protocol = -1;
  int descriptors = 0;         // that lead to it, of traced processes, as far as they are known
  int in_flight = 0;           // of those sent by SCM_RIGHTS and not yet received
  bool is_released = false;    // which has been told
  bool is_inherited = false;   // by the run's command: others have it, too
  bool is_connecting = false;  // by a connect(2) that nobody waits for
  bool was_connected = false;  // at some time when it was asked
  int last_state = -1;         // when it was asked last, or concluded from a call
  bool was_timed = false;      // and said how long its peer takes to answer
  ino_t inode = 0;
  SocketAddresses addresses;  // when they were asked for last

  bool is_held() const { return is_inherited || descriptors > 0 || in_flight > 0; }
};
using SocketPtr = std::shared_ptr<Socket>;

// By what the call that made it says, where nothing else tells it.
void complete(Socket& socket, int family, int type, int protocol);

// What is asked of it.
struct Asked {
  bool state = false, flags = false, addresses = false, path = false, netns = false;

  bool anything() const { return state || flags || addresses || path || netns; }
  bool only_state() const { return state && !flags && !addresses && !path && !netns; }
};

Asked asked_by(tapset::FieldSet fields);

// As it is now, as far as it is asked for; flags as the contract numbers them.
struct SocketCondition {
  int state = -1;
  std::uint32_t flags = 0;
  SocketAddresses addresses;
  std::string path;         // of AF_UNIX: its own, else its peer's
  std::uint32_t netns = 0;  // its network namespace, by inode
};

// struct socket's states, which nothing tells: they are concluded.
enum SocketState { unconnected = 1, connecting = 2, connected = 3 };

// How far a connection of TCP is: the states of struct sock, as TCP_INFO and /proc number them.
enum Stage { syn_sent = 2, syn_received = 3, closed = 7, listening = 10 };

inline bool is_stream_of_ip(const Socket& socket) {
  return has_addresses(socket.family) && socket.type == SOCK_STREAM;
}

// It was at some time, and is of those that nothing dissolves.
bool stays_connected(const Socket& socket);

// What is known of it without asking: of one whose process is killed there may be nobody to ask.
SocketCondition condition_known(const Socket& socket);

// `timed`: how long the peer takes to answer is known, which a connection that has ended still
// says, unless connect(2) dissolved it.
SocketState state_of_stream(Socket& socket, int stage, bool timed);

}  // namespace socktap::sources::ptrace
