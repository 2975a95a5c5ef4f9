#include "sources/ptrace/sharing.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "sources/calls/path_table.h"

namespace socktap::sources::ptrace {
namespace {

bool is_unsharing(const BegunCall& call) {
#if defined(__aarch64__)
  constexpr std::uint64_t compat_unshare = 337;  // of 32-bit arm
#else
  constexpr std::uint64_t compat_unshare = 310;  // of i386
#endif
  const bool unshares = call.number == (call.compat ? compat_unshare : SYS_unshare);
  return unshares && (call.arguments[0] & CLONE_FILES) != 0;
}

// Calls that make a duplicate where they like.
bool is_duplication(const BegunCall& call) {
  if (call.compat) {
    constexpr std::uint64_t dup = 41, fcntl = 55, fcntl64 = 221;
    if (call.number == dup) return true;
    if (call.number != fcntl && call.number != fcntl64) return false;
  } else {
    if (call.number == SYS_dup) return true;
    if (call.number != SYS_fcntl) return false;
  }
  return call.arguments[1] == F_DUPFD || call.arguments[1] == F_DUPFD_CLOEXEC;
}

bool passes_on(socktap_call kind) {
  return kind == SOCKTAP_CALL_SENDMSG || kind == SOCKTAP_CALL_SENDMMSG;
}

bool receives(socktap_call kind) {
  return kind == SOCKTAP_CALL_RECVMSG || kind == SOCKTAP_CALL_RECVMMSG;
}

// What is under way holds a socket, too. It may be received before who sent it is through.
void passes(const Thread& thread) {
  for (const int descriptor :
       passed_descriptors(*thread.call, thread.number, 0, messages_of(*thread.call)))
    if (const SocketPtr socket = thread.process->socket_at(descriptor)) ++socket->in_flight;
}

void takes_back(const Thread& thread, std::int64_t result) {
  for (const int descriptor :
       passed_descriptors(*thread.call, thread.number, messages_done(*thread.call, result),
                          messages_of(*thread.call)))
    if (const SocketPtr socket = thread.process->socket_at(descriptor);
        socket && socket->in_flight > 0)
      --socket->in_flight;
}

// What is only looked at stays under way.
void received(const Thread& thread, std::int64_t result) {
  const BegunCall& call = *thread.call;
  const std::uint64_t flags = call.arguments[flags_argument_of(call.kind) - 1];
  for (const int descriptor :
       passed_descriptors(call, thread.number, 0, messages_done(call, result))) {
    const SocketPtr socket = thread.process->socket_made_at(descriptor);
    if (socket && socket->in_flight > 0 && (flags & MSG_PEEK) == 0) --socket->in_flight;
  }
}

}  // namespace

bool may_pass_descriptors(socktap_call kind) { return passes_on(kind) || receives(kind); }

bool Sharing::begins(const Thread& thread) const {
  const BegunCall& call = *thread.call;
  if (is_unsharing(call)) return true;
  if (!releases_.are_wanted()) return false;
  if (passes_on(call.kind)) passes(thread);
  return may_pass_descriptors(call.kind) || is_duplication(call);
}

void Sharing::ends(Thread& thread, std::int64_t result) const {
  const BegunCall& call = *thread.call;
  if (is_unsharing(call)) {
    if (result == 0) releases_.unshare_descriptors(thread);
    return;
  }
  if (!releases_.are_wanted()) return;
  if (passes_on(call.kind)) return takes_back(thread, result);
  if (result < 0) return;
  if (receives(call.kind)) return received(thread, result);
  if (!is_duplication(call)) return;
  const auto original = static_cast<int>(call.arguments[0]);
  thread.process->socket_at(original);
  thread.process->table->duplicate(original, static_cast<int>(result));
}

}  // namespace socktap::sources::ptrace
