#include "sources/ptrace/releases.h"

#include <linux/close_range.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "sources/ptrace/listed_socket.h"

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
  for (const auto& [descriptor, entry] : process.table->entries())
    entry.socket->is_inherited = true;
}

Closing Releases::closing_of(const Thread& thread, int descriptor,
                             const DescriptorTable::Entry& entry) const {
  Closing closing{descriptor, entry.socket, entry.since, {}};
  const ProcessHandle& handle = thread.process->handle;
  if (!entry.socket) return closing;
  closing.condition = condition_known(*entry.socket);
  if (handle.file_at(descriptor).inode != entry.socket->inode) return closing;
  const Asked asked = emitter_.asked();
  if (!asked.anything()) return closing;
  if (const auto condition = Sockets::condition(handle, descriptor, *entry.socket, asked))
    closing.condition = *condition;
  return closing;
}

// Of all that are known from one descriptor to another: some may be closed by now, by calls whose
// ends have not been told.
std::vector<Closing> Releases::closings_in(const Thread& thread, std::uint32_t first,
                                           std::uint32_t last) const {
  explore(*thread.process);
  std::vector<Closing> closings;
  for (const auto& [descriptor, entry] : thread.process->table->entries())
    if (const auto number = static_cast<std::uint32_t>(descriptor);
        number >= first && number <= last)
      closings.push_back(closing_of(thread, descriptor, entry));
  return closings;
}

// What a descriptor leads to is found out before it is gone. Where the end of the call is not
// waited for, the table forgets it at once.
bool Releases::begins(Thread& thread) {
  const BegunCall& call = *thread.call;
  const Process& process = *thread.process;
  const auto first = static_cast<int>(call.arguments[0]);
  const auto second = static_cast<int>(call.arguments[1]);
  switch (call.kind) {
    case SOCKTAP_CALL_CLOSE: {
      const auto entry = process.table->at(process.handle, first);
      if (entry.socket && are_wanted()) thread.closing = {closing_of(thread, first, entry)};
      if (thread.closing.empty()) process.table->forget(first);
      return !thread.closing.empty();
    }
    case SOCKTAP_CALL_DUP2:
    case SOCKTAP_CALL_DUP3: {
      if (first == second) return false;
      process.socket_at(first);
      const auto entry = process.table->at(process.handle, second);
      if (entry.socket && are_wanted()) thread.closing = {closing_of(thread, second, entry)};
      return true;
    }
    case SOCKTAP_CALL_CLOSE_RANGE:
      if ((call.arguments[2] & CLOSE_RANGE_CLOEXEC) == 0)
        thread.closing = closings_in(thread, static_cast<std::uint32_t>(call.arguments[0]),
                                     static_cast<std::uint32_t>(call.arguments[1]));
      return true;
    default:  // execve, execveat
      thread.process->closed_by_exec = closings_in(thread, 0, ~0U);
      return false;
  }
}

void Releases::ends(Thread& thread, std::int64_t result) {
  const BegunCall& call = *thread.call;
  const bool replaces = call.kind == SOCKTAP_CALL_DUP2 || call.kind == SOCKTAP_CALL_DUP3;
  const bool closes_anyway = call.kind == SOCKTAP_CALL_CLOSE && result != -EBADF;
  if (result < 0 && !closes_anyway) return;
  if (call.kind == SOCKTAP_CALL_CLOSE_RANGE && (call.arguments[2] & CLOSE_RANGE_UNSHARE))
    unshare_descriptors(thread);
  for (const Closing& closing : thread.closing) close(thread, closing);
  if (replaces)
    thread.process->table->duplicate(static_cast<int>(call.arguments[0]),
                                     static_cast<int>(call.arguments[1]));
}

// The descriptor is gone; with the last one its socket is. Two may go at once, and their ends be
// told when both have.
void Releases::close(const Thread& thread, const Closing& closing) {
  thread.process->table->forget(closing.descriptor, closing.since);
  if (closing.socket->is_held() || std::exchange(closing.socket->is_released, true)) return;
  const bool is_named = thread.call && thread.call->kind == SOCKTAP_CALL_CLOSE;
  emit(thread, *closing.socket, closing.condition, is_named ? closing.descriptor : -1);
}

void Releases::dropped(const Thread& thread, const Socket& socket) {
  constexpr int unconnected = 1;
  emit(thread, socket,
       {.state = unconnected, .netns = emitter_.asked().netns ? netns_of_task(thread.number) : 0},
       -1);
}

void Releases::emit(const Thread& thread, const Socket& socket, const SocketCondition& condition,
                    int descriptor) {
  emitter_.emit(thread, Operation::close, Phase::begin, [&](WholeEvent& whole) {
    fill_identity(whole.record, socket);
    emitter_.fill_condition(whole, condition);
    emitter_.fill_descriptor(whole, descriptor);
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
  for (const Closing& closing : closings_in(thread, 0, ~0U)) close(thread, closing);
}

}  // namespace socktap::sources::ptrace
