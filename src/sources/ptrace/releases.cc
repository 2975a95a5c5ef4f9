#include "sources/ptrace/releases.h"

#include <linux/close_range.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace socktap::sources::ptrace {

using tapset::Operation;
using tapset::Phase;

bool is_close(socktap_call kind) {
  return kind >= SOCKTAP_CALL_CLOSE && kind <= SOCKTAP_CALL_EXECVEAT;
}

bool Releases::are_wanted() const { return emitter_.interest().wants(Operation::close); }

void Releases::explore(Process& process) const {
  if (are_wanted()) process.table->explore(process.handle);
}

void Releases::unshare_descriptors(Thread& thread) const {
  const std::shared_ptr<Process>& shared = thread.process;
  if (shared.use_count() == 1 && shared->table.use_count() == 1) return;
  explore(*shared);
  const pid_t process = shared->number();
  thread.process = std::make_shared<Process>(thread.number == process
                                                 ? ProcessHandle(process)
                                                 : ProcessHandle::of_thread(process, thread.number),
                                             shared->table->copy());
}

void Releases::inherited(Process& process) const {
  explore(process);
  for (const int descriptor : process.table->sockets())
    process.socket_at(descriptor)->is_inherited = true;
}

Closing Releases::closing_of(const Thread& thread, int descriptor) const {
  const auto entry = thread.process->table->at(thread.process->handle, descriptor);
  Closing closing{descriptor, entry.socket, entry.since, {}};
  if (!closing.socket) return closing;
  const auto condition =
      Sockets::condition(thread.process->handle, descriptor, *closing.socket,
                         {.state = emitter_.asked().state, .flags = emitter_.asked().flags});
  if (condition) closing.condition = *condition;
  return closing;
}

// What a descriptor leads to is found out before it is gone. Where the end of the call is not
// waited for, the table forgets it at once.
bool Releases::begins(Thread& thread) {
  const BegunCall& call = *thread.call;
  DescriptorTable& table = *thread.process->table;
  const auto first = static_cast<int>(call.arguments[0]);
  switch (call.kind) {
    case SOCKTAP_CALL_CLOSE:
      if (are_wanted()) thread.closing.push_back(closing_of(thread, first));
      break;
    case SOCKTAP_CALL_DUP2:
    case SOCKTAP_CALL_DUP3:
      if (first == static_cast<int>(call.arguments[1])) return false;
      thread.process->socket_at(first);
      if (are_wanted())
        thread.closing.push_back(closing_of(thread, static_cast<int>(call.arguments[1])));
      return true;
    case SOCKTAP_CALL_CLOSE_RANGE: {
      if (call.arguments[2] & CLOSE_RANGE_UNSHARE) unshare_descriptors(thread);
      if (call.arguments[2] & CLOSE_RANGE_CLOEXEC) return false;
      explore(*thread.process);
      const auto last = static_cast<std::uint32_t>(call.arguments[1]);
      for (const int descriptor : table.sockets())
        if (descriptor >= first && static_cast<std::uint32_t>(descriptor) <= last)
          thread.closing.push_back(closing_of(thread, descriptor));
      return true;
    }
    default: {  // execve, execveat
      thread.process->closed_by_exec.clear();
      explore(*thread.process);
      for (const int descriptor : table.sockets())
        thread.process->closed_by_exec.push_back(closing_of(thread, descriptor));
      return false;
    }
  }
  std::erase_if(thread.closing, [](const auto& closing) { return closing.socket == nullptr; });
  if (!thread.closing.empty()) return true;
  table.forget(first);
  return false;
}

void Releases::ends(Thread& thread, std::int64_t result) {
  const BegunCall& call = *thread.call;
  DescriptorTable& table = *thread.process->table;
  const bool replaces = call.kind == SOCKTAP_CALL_DUP2 || call.kind == SOCKTAP_CALL_DUP3;
  if (result < 0 && (replaces || result == -EBADF)) return;
  for (const Closing& closing : thread.closing)
    if (closing.socket) close(thread, closing);
  if (call.kind == SOCKTAP_CALL_CLOSE_RANGE && result >= 0)
    table.forget_range(static_cast<std::uint32_t>(call.arguments[0]),
                       static_cast<std::uint32_t>(call.arguments[1]));
  if (replaces)
    table.duplicate(static_cast<int>(call.arguments[0]), static_cast<int>(call.arguments[1]));
}

// The descriptor is gone; with the last one its socket is. Two may go at once, and their ends be
// told when both have.
void Releases::close(const Thread& thread, const Closing& closing) {
  thread.process->table->forget(closing.descriptor, closing.since);
  if (closing.socket->is_held() || std::exchange(closing.socket->is_released, true)) return;
  emit(thread, *closing.socket, closing.condition);
}

void Releases::dropped(const Thread& thread, const Socket& socket) {
  constexpr int unconnected = 1;
  emit(thread, socket, {.state = unconnected});
}

void Releases::emit(const Thread& thread, const Socket& socket, const SocketCondition& condition) {
  emitter_.emit(thread, Operation::close, Phase::begin, [&](WholeEvent& whole) {
    fill_identity(whole.record, socket);
    whole.record.state = static_cast<__s8>(condition.state);
    whole.record.flags = condition.flags;
  });
  emitter_.emit(thread, Operation::close, Phase::conclusion, [](WholeEvent&) {});
}

// Those that are still open stay.
void Releases::replaced_program(Thread& thread) {
  for (const Closing& closing : std::exchange(thread.process->closed_by_exec, {})) {
    if (thread.process->handle.file_at(closing.descriptor).is_closed()) close(thread, closing);
  }
}

void Releases::leaves(Thread& thread) {
  if (!are_wanted()) return;
  explore(*thread.process);
  for (const int descriptor : thread.process->table->sockets())
    close(thread, closing_of(thread, descriptor));
}

}  // namespace socktap::sources::ptrace
