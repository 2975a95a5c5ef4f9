#include "sources/ptrace/connections.h"

#include <fcntl.h>
#include <sys/socket.h>

#include <cerrno>

namespace socktap::sources::ptrace {
namespace {

using tapset::Field;
using tapset::Operation;
using tapset::Phase;

int descriptor_of(const Thread& thread) { return static_cast<int>(thread.call->arguments[0]); }

bool asks_for_no_address(const Thread& thread) {
  sa_family_t family = AF_UNSPEC;
  const BegunCall& call = *thread.call;
  return static_cast<int>(call.arguments[2]) >= static_cast<int>(sizeof family) &&
         read_memory(thread.number, call.arguments[1], &family, sizeof family) &&
         family == AF_UNSPEC;
}

std::uint32_t flags_of_file(const Thread& thread) {
  const UniqueFd own = thread.process->handle.fetch(descriptor_of(thread));
  const int flags = own.valid() ? ::fcntl(own.get(), F_GETFL) : -1;
  return flags < 0 ? 0 : static_cast<std::uint32_t>(flags);
}

// Without its caller, who did not wait, or was interrupted.
bool goes_on(std::int64_t result) {
  constexpr std::int64_t first_restart = -516, last_restart = -512;  // ERESTART_RESTARTBLOCK to SYS
  return result == -EINPROGRESS || result == -EALREADY || result == -EINTR ||
         (result >= first_restart && result <= last_restart);
}

}  // namespace

bool Connections::begins(Thread& thread) {
  if (thread.call->kind != SOCKTAP_CALL_CONNECT) return false;
  const Interest& interest = emitter_.interest();
  thread.disconnects = interest.wants(Operation::disconnect) && asks_for_no_address(thread);
  if (thread.disconnects) emit_disconnection(thread, Phase::begin, 0);
  return thread.disconnects || emitter_.asked().state;
}

void Connections::ends(const Thread& thread, std::int64_t result) {
  if (const SocketPtr socket = thread.process->socket_at(descriptor_of(thread))) {
    socket->is_connecting = goes_on(result);
    // Datagram sockets stay what they are.
    if (socket->type == SOCK_STREAM && result == 0) socket->last_state = connected;
    if (socket->type == SOCK_STREAM && goes_on(result)) socket->last_state = connecting;
  }
  if (thread.disconnects) emit_disconnection(thread, Phase::conclusion, result);
}

void Connections::emit_disconnection(const Thread& thread, Phase phase, std::int64_t result) {
  const SocketPtr socket = thread.process->socket_at(descriptor_of(thread));
  if (!socket) return;
  emitter_.emit(thread, Operation::disconnect, phase, [&](WholeEvent& whole) {
    Event& event = whole.record;
    event.err = static_cast<__s32>(result);
    event.success = phase == Phase::conclusion && result >= 0;
    if (emitter_.interest().fields.contains(Field::msg_flags))
      event.msg_flags = flags_of_file(thread);
    emitter_.fill_socket(whole, thread, *socket, descriptor_of(thread));
  });
}

}  // namespace socktap::sources::ptrace
