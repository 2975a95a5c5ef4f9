#include "sources/ptrace/sharing.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/syscall.h>

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

// What is under way holds a socket, too.
void passed_on(const Thread& thread) {
  for (const int descriptor : passed_descriptors(*thread.call, thread.number))
    if (const SocketPtr socket = thread.process->socket_at(descriptor)) ++socket->in_flight;
}

// What is only looked at stays under way.
void received(const Thread& thread) {
  const bool peeks = (thread.call->arguments[2] & MSG_PEEK) != 0;
  for (const int descriptor : passed_descriptors(*thread.call, thread.number)) {
    thread.process->table->forget(descriptor);
    const SocketPtr socket = thread.process->socket_at(descriptor);
    if (socket && socket->in_flight > 0 && !peeks) --socket->in_flight;
  }
}

}  // namespace

bool Sharing::begins(const Thread& thread) const {
  const BegunCall& call = *thread.call;
  if (is_unsharing(call)) return true;
  if (!releases_.are_wanted()) return false;
  return is_duplication(call) || call.kind == SOCKTAP_CALL_SENDMSG ||
         call.kind == SOCKTAP_CALL_RECVMSG;
}

void Sharing::ends(Thread& thread, std::int64_t result) const {
  const BegunCall& call = *thread.call;
  if (result < 0) return;
  if (is_unsharing(call)) return unshare(thread);
  if (!releases_.are_wanted()) return;
  if (call.kind == SOCKTAP_CALL_SENDMSG) return passed_on(thread);
  if (call.kind == SOCKTAP_CALL_RECVMSG) return received(thread);
  if (!is_duplication(call)) return;
  const auto original = static_cast<int>(call.arguments[0]);
  thread.process->socket_at(original);
  thread.process->table->duplicate(original, static_cast<int>(result));
}

// From now on the thread has descriptors of its own.
void Sharing::unshare(Thread& thread) const {
  releases_.explore(*thread.process);
  const pid_t process = thread.process->number();
  thread.process = std::make_shared<Process>(thread.number == process
                                                 ? ProcessHandle(process)
                                                 : ProcessHandle::of_thread(process, thread.number),
                                             thread.process->table->copy());
}

}  // namespace socktap::sources::ptrace
