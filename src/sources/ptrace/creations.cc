#include "sources/ptrace/creations.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

#include "base/proc.h"

namespace socktap::sources::ptrace {
namespace {

using tapset::Operation;
using tapset::Phase;

constexpr int type_mask = 0xf;  // of socket(2)'s second argument; the rest of it are flags
constexpr int families = 46, types = 11;  // numbers from here on no kernel knows

int family_of(const BegunCall& call) { return static_cast<int>(call.arguments[0]); }
int type_of(const BegunCall& call) { return static_cast<int>(call.arguments[1]) & type_mask; }
int protocol_of(const BegunCall& call) { return static_cast<int>(call.arguments[2]); }

bool has_bad_flags(const BegunCall& call) {
  return (static_cast<int>(call.arguments[1]) & ~(type_mask | SOCK_CLOEXEC | SOCK_NONBLOCK)) != 0;
}

// A request that is refused later than by its numbers or by a security module leaves an allocated
// socket to be released.
bool was_allocated(const BegunCall& call, std::int64_t result) {
  return result != -EACCES && family_of(call) >= 0 && family_of(call) < families &&
         type_of(call) < types;
}

// The protocol that a socket gets which asks for none.
int default_protocol(const BegunCall& call) {
  const bool is_ip = family_of(call) == AF_INET || family_of(call) == AF_INET6;
  if (protocol_of(call) != 0 || !is_ip) return protocol_of(call);
  return type_of(call) == SOCK_STREAM ? IPPROTO_TCP : type_of(call) == SOCK_DGRAM ? IPPROTO_UDP : 0;
}

// Whose calls a filter may refuse after they have stopped for us: one that we have not, too.
bool has_own_filter(pid_t thread) {
  static const std::int64_t ours = proc_status(::getpid()).value_or(TaskStatus()).filters;
  const auto status = proc_status(thread);
  return status && status->filters > ours;
}

// What was asked for says what else nobody may.
SocketPtr made_at(const Thread& thread, int descriptor) {
  SocketPtr made = thread.process->socket_made_at(descriptor);
  const BegunCall& call = *thread.call;
  if (!made) return made;
  complete(*made, family_of(call), type_of(call), default_protocol(call));
  made->last_state = unconnected;
  return made;
}

void fill_request(Event& event, const BegunCall& call) {
  event.family = static_cast<__s16>(family_of(call));
  event.type = static_cast<__s16>(type_of(call));
  event.protocol = protocol_of(call);
}

}  // namespace

bool is_creation(socktap_call kind) {
  return kind == SOCKTAP_CALL_SOCKET || kind == SOCKTAP_CALL_SOCKETPAIR;
}

bool Creations::begins(Thread& thread) {
  if (!releases_.are_wanted() && !emitter_.interest().wants(Operation::create)) return false;
  const BegunCall& call = *thread.call;
  if (has_bad_flags(call)) return false;
  thread.begin_is_late = !thread.is_filtered && has_own_filter(thread.number);
  if (call.kind == SOCKTAP_CALL_SOCKET && !thread.begin_is_late) emit_begin(thread);
  return true;
}

void Creations::ends(Thread& thread, std::int64_t result) {
  // A filter of the program's own may have refused it; then nothing has begun.
  if (thread.begin_is_late && result < 0) return;
  if (thread.call->kind == SOCKTAP_CALL_SOCKETPAIR) return pair_ends(thread, result);
  const BegunCall& call = *thread.call;
  if (thread.begin_is_late) emit_begin(thread);
  if (result >= 0) {
    const SocketPtr made = made_at(thread, static_cast<int>(result));
    return emit_end(thread, 0, made.get(), static_cast<int>(result));
  }
  if (result == -EMFILE || result == -ENFILE) {  // made, but there is no descriptor
    emit_end(thread, 0, nullptr, -1);
    return dropped(thread, family_of(call), default_protocol(call));
  }
  emit_end(thread, result, nullptr, -1);
  if (was_allocated(call, result)) dropped(thread, -1, -1);
}

// What comes before the sockets (bad flags, no descriptors) makes none, so it is told when the call
// ends, by how it ended.
void Creations::pair_ends(Thread& thread, std::int64_t result) {
  const BegunCall& call = *thread.call;
  if (result == -EMFILE || result == -EFAULT) return;
  const bool both = result >= 0 || result == -EOPNOTSUPP || result == -ENFILE;
  if (!both) {
    emit_begin(thread);
    emit_end(thread, result, nullptr, -1);
    if (was_allocated(call, result)) dropped(thread, -1, -1);
    return;
  }
  int descriptors[2] = {-1, -1};
  if (result >= 0) read_memory(thread.number, call.arguments[3], descriptors, sizeof descriptors);
  for (const int descriptor : descriptors) {
    const SocketPtr made = descriptor < 0 ? nullptr : made_at(thread, descriptor);
    if (made && type_of(call) != SOCK_DGRAM) made->was_connected = true;
    emit_begin(thread);
    emit_end(thread, 0, made.get(), descriptor);
  }
  for (int i = 0; result < 0 && i < 2; ++i)
    dropped(thread, family_of(call), default_protocol(call));
}

void Creations::emit_begin(const Thread& thread) {
  emitter_.emit(thread, Operation::create, Phase::begin, [&](WholeEvent& whole) {
    fill_request(whole.record, *thread.call);
    emitter_.fill_namespace(whole, thread);
  });
}

void Creations::emit_end(const Thread& thread, std::int64_t result, const Socket* made,
                         int descriptor) {
  emitter_.emit(thread, Operation::create, Phase::conclusion, [&](WholeEvent& whole) {
    Event& event = whole.record;
    fill_request(event, *thread.call);
    event.sock = made ? made->number : 0;
    event.err = static_cast<__s32>(result);
    event.success = result >= 0;
    emitter_.fill_namespace(whole, thread);
    emitter_.fill_descriptor(whole, descriptor);
  });
}

void Creations::dropped(const Thread& thread, int family, int protocol) {
  releases_.dropped(thread,
                    {.family = family, .type = type_of(*thread.call), .protocol = protocol});
}

}  // namespace socktap::sources::ptrace
