#include "sources/ptrace/socket.h"

#include "sources/interest.h"

namespace socktap::sources::ptrace {

void complete(Socket& socket, int family, int type, int protocol) {
  if (socket.family == -1) socket.family = family;
  if (socket.type == -1) socket.type = type;
  if (socket.protocol == -1) socket.protocol = protocol;
}

Asked asked_by(tapset::FieldSet fields) {
  return {.state = fields.contains(tapset::Field::state),
          .flags = fields.contains(tapset::Field::flags),
          .addresses = asks_for_addresses(fields),
          .path = fields.contains(tapset::Field::unix_path),
          .netns = fields.contains(tapset::Field::netns)};
}

bool stays_connected(const Socket& socket) {
  return socket.was_connected && !has_addresses(socket.family);
}

SocketCondition condition_known(const Socket& socket) {
  return {.state = stays_connected(socket) ? int{connected} : socket.last_state};
}

SocketState state_of_stream(Socket& socket, int stage, bool timed) {
  if (socket.is_connecting) return connecting;  // whatever became of it, until it is asked
  switch (stage) {
    case syn_sent:
    case syn_received:
      return connecting;
    case closed:
      return timed || (socket.was_connected && !socket.was_timed) ? connected : unconnected;
    case listening:
      return unconnected;
    default:
      socket.was_connected = true;
      socket.was_timed = socket.was_timed || timed;
      return connected;
  }
}

}  // namespace socktap::sources::ptrace
