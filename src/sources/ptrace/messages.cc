#include "sources/ptrace/messages.h"

#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <vector>

#include "base/clock.h"

namespace socktap::sources::ptrace {
namespace {

using tapset::Field;
using tapset::Operation;
using tapset::Phase;

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

// What the kernel looks at before it turns to the socket: vectors, buffers that are beyond all
// memory of programs, addresses.
bool may_have_reached(const Thread& thread, std::int64_t result) {
  const BegunCall& call = *thread.call;
  if (thread.message->offered < 0) return false;
  if (result != -EFAULT || !has_plain_buffer(call.kind)) return true;
  const std::uint64_t end = call.arguments[1] + call.arguments[2];
  if (end < call.arguments[1] || end > end_of_user_space(call.compat)) return false;
  if (call.kind != SOCKTAP_CALL_SENDTO || call.arguments[4] == 0) return true;
  std::vector<std::byte> address(
      std::min<std::uint64_t>(call.arguments[5], sizeof(sockaddr_storage)));
  return read_memory(thread.number, call.arguments[4], address.data(), address.size());
}

// Nothing was handed over.
bool moved_nothing(const Thread& thread, std::int64_t result) {
  const BegunCall& call = *thread.call;
  if (result == 0) return moves_between(call.kind);
  return result == -EAGAIN && call.kind == SOCKTAP_CALL_SPLICE &&
         thread.message->direction == Operation::send &&
         is_empty(thread.process->handle, static_cast<int>(call.arguments[0]));
}

}  // namespace

bool Messages::begins(Thread& thread) {
  const Interest& interest = emitter_.interest();
  if (!makes_wanted_messages(thread.call->kind, interest)) return false;
  thread.message =
      message_call(*thread.call, thread.number, thread.process->handle, *thread.process->table);
  if (!thread.message) return false;
  const MessageCall& message = *thread.message;
  if (interest.measures_latency()) thread.began = read_clock(CLOCK_MONOTONIC);
  if (interest.wants(message.direction, Phase::begin, message.path))
    emit(thread, Phase::begin, message.offered);
  if (interest.wants(message.direction, Phase::conclusion, message.path)) return true;
  thread.message.reset();
  return false;
}

void Messages::ends(const Thread& thread, std::int64_t result) {
  if (result < 0 && !may_have_reached(thread, result)) return;
  if (moved_nothing(thread, result)) return;
  const BegunCall& call = *thread.call;
  if (!socktap_is_batch(call.kind) || result <= 0) return emit(thread, Phase::conclusion, result);
  for (const std::int64_t size : sizes_in_batch(call, thread.number, messages_done(call, result)))
    emit(thread, Phase::conclusion, size);
}

void Messages::emit(const Thread& thread, Phase phase, std::int64_t size) {
  const MessageCall& message = *thread.message;
  emitter_.emit(thread, message.direction, phase, [&](WholeEvent& whole) {
    Event& event = whole.record;
    event.path = static_cast<__u8>(message.path);
    event.size = size;
    event.success = phase == Phase::conclusion && size >= 0;
    if (emitter_.interest().fields.contains(Field::msg_flags)) event.msg_flags = message.flags;
    if (phase == Phase::conclusion && thread.began != 0) event.latency = event.time - thread.began;
    emitter_.fill_socket(whole, thread, *message.socket, message.descriptor);
  });
}

}  // namespace socktap::sources::ptrace
