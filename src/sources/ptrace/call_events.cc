#include "sources/ptrace/call_events.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cerrno>

#include "base/clock.h"
#include "base/proc.h"
#include "sources/ptrace/task_facts.h"

namespace socktap::sources::ptrace {
namespace {

using tapset::Field;
using tapset::Operation;
using tapset::Phase;

constexpr int type_mask = 0xf;  // of socket(2)'s second argument; the rest of it are flags
constexpr int families = 46, types = 11;  // numbers from here on no kernel knows

bool is_close(socktap_call kind) {
  return kind >= SOCKTAP_CALL_CLOSE && kind <= SOCKTAP_CALL_EXECVEAT;
}

bool moves_between(socktap_call kind) {
  return kind == SOCKTAP_CALL_SPLICE || kind == SOCKTAP_CALL_SENDFILE;
}

bool is_empty(const ProcessHandle& process, int pipe) {
  const UniqueFd own = process.fetch(pipe);
  int bytes = -1;
  return own.valid() && ::ioctl(own.get(), FIONREAD, &bytes) == 0 && bytes == 0;
}

bool has_plain_buffer(socktap_call kind) {
  switch (kind) {
    case SOCKTAP_CALL_SEND:
    case SOCKTAP_CALL_SENDTO:
    case SOCKTAP_CALL_WRITE:
    case SOCKTAP_CALL_RECV:
    case SOCKTAP_CALL_RECVFROM:
    case SOCKTAP_CALL_READ:
      return true;
    default:
      return false;
  }
}

// Where no program's memory is any more: of x86-64 with page tables of five levels, at most.
std::uint64_t end_of_user_space(bool compat) {
  return compat ? std::uint64_t{1} << 32 : std::uint64_t{1} << 56;
}

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

// Whose calls a filter may refuse after they have stopped for us.
bool has_own_filter(pid_t thread) {
  constexpr std::size_t enough = 4096;
  return read_proc(thread, "status", enough).find("\nSeccomp:\t2") != std::string::npos;
}

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

}  // namespace

bool CallEvents::wants_closes() const { return interest_.wants(Operation::close); }

bool CallEvents::begins(Thread& thread, const TracedCall& traced) {
  thread.call = begun_call(thread.process->handle.process(), traced);
  thread.message.reset();
  thread.closing.clear();
  const BegunCall& call = *thread.call;
  if (is_close(call.kind)) return closing_begins(thread);
  if (call.kind == SOCKTAP_CALL_SOCKET || call.kind == SOCKTAP_CALL_SOCKETPAIR)
    return creation_begins(thread);
  if (is_duplication(call)) return wants_closes();
  if (is_unsharing(call)) return true;
  return message_begins(thread);
}

void CallEvents::ends(Thread& thread, std::int64_t result) {
  if (!thread.call) return;
  const BegunCall& call = *thread.call;
  if (thread.message) {
    message_ends(thread, result);
  } else if (is_close(call.kind)) {
    closing_ends(thread, result);
  } else if (call.kind == SOCKTAP_CALL_SOCKET || call.kind == SOCKTAP_CALL_SOCKETPAIR) {
    creation_ends(thread, result);
  } else if (is_unsharing(call)) {
    if (result == 0) unshare(thread);
  } else if (result >= 0) {
    thread.process->table->at(thread.process->handle, static_cast<int>(call.arguments[0]));
    thread.process->table->duplicate(static_cast<int>(call.arguments[0]), static_cast<int>(result));
  }
  thread.call.reset();
  thread.message.reset();
  thread.closing.clear();
}

// --- messages

bool CallEvents::message_begins(Thread& thread) {
  thread.message = message_call(*thread.call, thread.process->handle, *thread.process->table);
  if (!thread.message) return false;
  const MessageCall& message = *thread.message;
  if (interest_.measures_latency()) thread.began = read_clock(CLOCK_MONOTONIC);
  if (interest_.wants(message.direction, Phase::begin, message.path))
    tell_message(thread, Phase::begin, message.offered);
  const bool passes = wants_closes() && (thread.call->kind == SOCKTAP_CALL_SENDMSG ||
                                         thread.call->kind == SOCKTAP_CALL_RECVMSG);
  return passes || interest_.wants(message.direction, Phase::conclusion, message.path);
}

void CallEvents::message_ends(Thread& thread, std::int64_t result) {
  const MessageCall& message = *thread.message;
  const BegunCall& call = *thread.call;
  if (result >= 0 && wants_closes() && call.kind == SOCKTAP_CALL_SENDMSG) passed_on(thread);
  if (result >= 0 && wants_closes() && call.kind == SOCKTAP_CALL_RECVMSG) received(thread);
  if (!interest_.wants(message.direction, Phase::conclusion, message.path)) return;
  if (result < 0 && !may_have_reached(thread, result)) return;
  // Nothing was handed over.
  if (result == 0 && moves_between(call.kind)) return;
  if (result == -EAGAIN && call.kind == SOCKTAP_CALL_SPLICE &&
      message.direction == Operation::send &&
      is_empty(thread.process->handle, static_cast<int>(call.arguments[0])))
    return;
  if (!is_batch(call.kind) || result <= 0) return tell_message(thread, Phase::conclusion, result);
  for (const std::int64_t size :
       sizes_in_batch(call, thread.process->handle.process(), static_cast<std::size_t>(result)))
    tell_message(thread, Phase::conclusion, size);
}

// What the kernel looks at before it turns to the socket: vectors, buffers that are beyond all
// memory of programs, addresses.
bool CallEvents::may_have_reached(const Thread& thread, std::int64_t result) {
  const BegunCall& call = *thread.call;
  if (thread.message->offered < 0) return false;
  if (result != -EFAULT || !has_plain_buffer(call.kind)) return true;
  const std::uint64_t end = call.arguments[1] + call.arguments[2];
  if (end < call.arguments[1] || end > end_of_user_space(call.compat)) return false;
  if (call.kind != SOCKTAP_CALL_SENDTO || call.arguments[4] == 0) return true;
  std::vector<std::byte> address(
      std::min<std::uint64_t>(call.arguments[5], sizeof(sockaddr_storage)));
  return read_memory(thread.process->handle.process(), call.arguments[4], address.data(),
                     address.size());
}

void CallEvents::tell_message(const Thread& thread, Phase phase, std::int64_t size) {
  const MessageCall& message = *thread.message;
  writer_.write([&](WholeEvent& whole) {
    Event& event = whole.record;
    event.operation = static_cast<__u8>(message.direction);
    event.phase = static_cast<__u8>(phase);
    event.path = static_cast<__u8>(message.path);
    event.size = size;
    event.success = phase == Phase::conclusion && size >= 0;
    if (interest_.fields.contains(Field::msg_flags)) event.msg_flags = message.flags;
    if (phase == Phase::conclusion && thread.began != 0) event.latency = event.time - thread.began;
    fill_task(event, thread.process->handle.process(), thread.number, interest_.fields);
    fill_socket(event, thread, *message.socket, message.descriptor);
  });
}

void CallEvents::fill_socket(Event& event, const Thread& thread, Socket& socket, int descriptor) {
  event.sock = socket.number;
  event.family = static_cast<__s16>(socket.family);
  event.type = static_cast<__s16>(socket.type);
  event.protocol = socket.protocol;
  if (!interest_.fields.contains(Field::state) && !interest_.fields.contains(Field::flags)) return;
  const auto condition = Sockets::condition(thread.process->handle, descriptor, socket, false);
  if (!condition) return;
  event.state = static_cast<__s8>(condition->state);
  event.flags = condition->flags;
}

// What is under way holds a socket, too.
void CallEvents::passed_on(Thread& thread) {
  for (const int descriptor : passed_descriptors(*thread.call, thread.process->handle.process()))
    if (const SocketPtr socket = thread.process->table->at(thread.process->handle, descriptor))
      ++socket->in_flight;
}

void CallEvents::received(Thread& thread) {
  for (const int descriptor : passed_descriptors(*thread.call, thread.process->handle.process())) {
    thread.process->table->forget(descriptor);
    const SocketPtr socket = thread.process->table->at(thread.process->handle, descriptor);
    if (socket && socket->in_flight > 0) --socket->in_flight;
  }
}

// --- sockets made

bool CallEvents::creation_begins(Thread& thread) {
  const BegunCall& call = *thread.call;
  if (has_bad_flags(call)) return false;
  thread.begin_is_late = !thread.is_filtered && has_own_filter(thread.number);
  if (call.kind == SOCKTAP_CALL_SOCKET && !thread.begin_is_late)
    tell_creation(thread, Phase::begin, 0, nullptr);
  return wants_closes() || interest_.wants(Operation::create);
}

void CallEvents::creation_ends(Thread& thread, std::int64_t result) {
  // A filter of the program's own may have refused it; then nothing has begun.
  if (thread.begin_is_late && result < 0) return;
  if (thread.call->kind == SOCKTAP_CALL_SOCKETPAIR) return pair_ends(thread, result);
  const BegunCall& call = *thread.call;
  if (thread.begin_is_late) tell_creation(thread, Phase::begin, 0, nullptr);
  if (result >= 0) {
    const SocketPtr made =
        thread.process->table->at(thread.process->handle, static_cast<int>(result));
    if (made) complete(*made, family_of(call), type_of(call), default_protocol(call));
    return tell_creation(thread, Phase::conclusion, 0, made.get());
  }
  if (result == -EMFILE || result == -ENFILE) {  // made, but there is no descriptor
    tell_creation(thread, Phase::conclusion, 0, nullptr);
    return tell_failed_release(thread, family_of(call), default_protocol(call));
  }
  tell_creation(thread, Phase::conclusion, result, nullptr);
  if (was_allocated(call, result)) tell_failed_release(thread, -1, -1);
}

// What comes before the sockets (bad flags, no descriptors) makes none, so it is told when the call
// ends, by how it ended.
void CallEvents::pair_ends(Thread& thread, std::int64_t result) {
  const BegunCall& call = *thread.call;
  if (result == -EMFILE || result == -EFAULT) return;
  const bool both = result >= 0 || result == -EOPNOTSUPP || result == -ENFILE;
  if (!both) {
    tell_creation(thread, Phase::begin, 0, nullptr);
    tell_creation(thread, Phase::conclusion, result, nullptr);
    if (was_allocated(call, result)) tell_failed_release(thread, -1, -1);
    return;
  }
  int descriptors[2] = {-1, -1};
  if (result >= 0)
    read_memory(thread.process->handle.process(), call.arguments[3], descriptors,
                sizeof descriptors);
  for (const int descriptor : descriptors) {
    const SocketPtr made =
        descriptor < 0 ? nullptr : thread.process->table->at(thread.process->handle, descriptor);
    if (made) complete(*made, family_of(call), type_of(call), default_protocol(call));
    tell_creation(thread, Phase::begin, 0, nullptr);
    tell_creation(thread, Phase::conclusion, 0, made.get());
  }
  for (int i = 0; result < 0 && i < 2; ++i)
    tell_failed_release(thread, family_of(call), default_protocol(call));
}

void CallEvents::tell_creation(const Thread& thread, Phase phase, std::int64_t result,
                               const Socket* made) {
  if (!interest_.wants(Operation::create, phase)) return;
  writer_.write([&](WholeEvent& whole) {
    Event& event = whole.record;
    event.operation = SOCKTAP_CREATE;
    event.phase = static_cast<__u8>(phase);
    event.family = static_cast<__s16>(family_of(*thread.call));
    event.type = static_cast<__s16>(type_of(*thread.call));
    event.protocol = protocol_of(*thread.call);
    event.sock = made ? made->number : 0;
    event.err = static_cast<__s32>(result);
    event.success = phase == Phase::conclusion && result >= 0;
    fill_task(event, thread.process->handle.process(), thread.number, interest_.fields);
  });
}

// Of a socket that was made and dropped within the call.
void CallEvents::tell_failed_release(const Thread& thread, int family, int protocol) {
  constexpr int unconnected = 1;
  const Socket dropped{.family = family, .type = type_of(*thread.call), .protocol = protocol};
  tell_release(thread, dropped, {.state = unconnected});
}

// --- sockets released

void CallEvents::explore(Process& process) {
  if (wants_closes()) process.table->explore(process.handle);
}

Process::Closing CallEvents::closing_of(const Thread& thread, int descriptor) {
  Process::Closing closing{descriptor, nullptr, {}};
  closing.socket = thread.process->table->at(thread.process->handle, descriptor);
  if (!closing.socket) return closing;
  auto condition = Sockets::condition(thread.process->handle, descriptor, *closing.socket, false);
  if (!condition)  // the process's first thread is gone already
    condition = Sockets::condition(
        ProcessHandle::of_thread(thread.process->handle.process(), thread.number), descriptor,
        *closing.socket, false);
  closing.condition = condition.value_or(SocketCondition());
  return closing;
}

// What a descriptor leads to is found out before it is gone. Where the end of the call is not
// waited for, the table forgets it at once.
bool CallEvents::closing_begins(Thread& thread) {
  const BegunCall& call = *thread.call;
  DescriptorTable& table = *thread.process->table;
  const auto first = static_cast<int>(call.arguments[0]);
  switch (call.kind) {
    case SOCKTAP_CALL_CLOSE:
      if (wants_closes()) thread.closing.push_back(closing_of(thread, first));
      break;
    case SOCKTAP_CALL_DUP2:
    case SOCKTAP_CALL_DUP3:
      if (first == static_cast<int>(call.arguments[1])) return false;
      table.at(thread.process->handle, first);
      if (wants_closes())
        thread.closing.push_back(closing_of(thread, static_cast<int>(call.arguments[1])));
      return true;
    case SOCKTAP_CALL_CLOSE_RANGE: {
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

void CallEvents::closing_ends(Thread& thread, std::int64_t result) {
  const BegunCall& call = *thread.call;
  DescriptorTable& table = *thread.process->table;
  const bool replaces = call.kind == SOCKTAP_CALL_DUP2 || call.kind == SOCKTAP_CALL_DUP3;
  if (result < 0 && (replaces || result == -EBADF)) return;
  for (const Process::Closing& closing : thread.closing)
    if (closing.socket) close(thread, closing);
  if (call.kind == SOCKTAP_CALL_CLOSE_RANGE && result >= 0)
    table.forget_range(static_cast<std::uint32_t>(call.arguments[0]),
                       static_cast<std::uint32_t>(call.arguments[1]));
  if (replaces)
    table.duplicate(static_cast<int>(call.arguments[0]), static_cast<int>(call.arguments[1]));
  else if (call.kind == SOCKTAP_CALL_CLOSE)
    table.forget(static_cast<int>(call.arguments[0]));
}

// The descriptor is gone; with the last one its socket is.
void CallEvents::close(const Thread& thread, const Process::Closing& closing) {
  thread.process->table->forget(closing.descriptor);
  if (!closing.socket->is_held()) tell_release(thread, *closing.socket, closing.condition);
}

void CallEvents::tell_release(const Thread& thread, const Socket& socket,
                              const SocketCondition& condition) {
  for (const Phase phase : {Phase::begin, Phase::conclusion}) {
    if (!interest_.wants(Operation::close, phase)) continue;
    writer_.write([&](WholeEvent& whole) {
      Event& event = whole.record;
      event.operation = SOCKTAP_CLOSE;
      event.phase = static_cast<__u8>(phase);
      fill_task(event, thread.process->handle.process(), thread.number, interest_.fields);
      if (phase == Phase::conclusion) return;
      event.sock = socket.number;
      event.family = static_cast<__s16>(socket.family);
      event.type = static_cast<__s16>(socket.type);
      event.protocol = socket.protocol;
      event.state = static_cast<__s8>(condition.state);
      event.flags = condition.flags;
    });
  }
}

// Those that are still open stay.
void CallEvents::replaced_program(Thread& thread) {
  for (const Process::Closing& closing : std::exchange(thread.process->closed_by_exec, {})) {
    if (thread.process->handle.is_open(closing.descriptor)) continue;
    close(thread, closing);
  }
  thread.process->table->forget_files();
  thread.call.reset();
  thread.message.reset();
}

// From now on the thread has descriptors of its own.
void CallEvents::unshare(Thread& thread) {
  explore(*thread.process);
  const pid_t process = thread.process->handle.process();
  thread.process = std::make_shared<Process>(thread.number == process
                                                 ? ProcessHandle(process)
                                                 : ProcessHandle::of_thread(process, thread.number),
                                             thread.process->table->copy());
}

void CallEvents::leaves(Thread& thread) {
  if (!wants_closes()) return;
  explore(*thread.process);
  for (const int descriptor : thread.process->table->sockets())
    close(thread, closing_of(thread, descriptor));
}

}  // namespace socktap::sources::ptrace
