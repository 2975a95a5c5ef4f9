#include "sources/ptrace/message_call.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>

#include <algorithm>
#include <climits>
#include <cstring>
#include <span>

#include "sources/calls/call_table.h"
#include "sources/calls/path_table.h"

namespace socktap::sources::ptrace {
namespace {

using tapset::Operation;
using tapset::Path;

constexpr std::int64_t unreadable = -1;
constexpr std::int64_t most_bytes = 0x7fff'f000;  // that one call moves (MAX_RW_COUNT)
constexpr std::uint32_t kernel_only_flags = 1U << 16 | 1U << 20 | 1U << 27;

// As a 32-bit program has them in its memory.
struct CompatVector {
  std::uint32_t base, length;
};
struct CompatMessage {
  std::uint32_t name, name_length, vectors, count, control, control_length, flags;
};
struct CompatBatched {
  CompatMessage header;
  std::uint32_t length;
};
struct CompatControl {
  std::uint32_t length;
  std::int32_t level, type;
};

// The same of both kinds of programs.
struct Message {
  std::uint64_t vectors, count, control, control_length;
};

template <typename T>
std::optional<T> read(pid_t thread, std::uint64_t address) {
  T value;
  if (!read_memory(thread, address, &value, sizeof value)) return std::nullopt;
  return value;
}

std::uint64_t address_of(const void* pointer) { return reinterpret_cast<std::uintptr_t>(pointer); }

std::optional<Message> read_message(pid_t thread, std::uint64_t address, bool compat) {
  if (compat) {
    const auto header = read<CompatMessage>(thread, address);
    if (!header) return std::nullopt;
    return Message{header->vectors, header->count, header->control, header->control_length};
  }
  const auto header = read<msghdr>(thread, address);
  if (!header) return std::nullopt;
  return Message{address_of(header->msg_iov), header->msg_iovlen, address_of(header->msg_control),
                 header->msg_controllen};
}

std::int64_t capped(std::uint64_t size) {
  return size > static_cast<std::uint64_t>(most_bytes) ? most_bytes
                                                       : static_cast<std::int64_t>(size);
}

template <typename Vector>
std::int64_t sum_of(pid_t thread, std::uint64_t address, std::uint64_t count, auto length_of) {
  if (count == 0) return 0;
  if (count > IOV_MAX) return unreadable;
  std::vector<Vector> vectors(count);
  if (!read_memory(thread, address, vectors.data(), count * sizeof(Vector))) return unreadable;
  std::uint64_t total = 0;
  for (const Vector& vector : vectors) {
    if (length_of(vector) < 0) return unreadable;
    total += static_cast<std::uint64_t>(length_of(vector));
  }
  return capped(total);
}

std::int64_t size_of_vectors(pid_t thread, std::uint64_t address, std::uint64_t count,
                             bool compat) {
  if (compat)
    return sum_of<CompatVector>(thread, address, count, [](const CompatVector& vector) {
      return static_cast<std::int32_t>(vector.length);
    });
  return sum_of<iovec>(thread, address, count, [](const iovec& vector) {
    return static_cast<std::int64_t>(vector.iov_len);
  });
}

std::int64_t offered_size(const BegunCall& call, pid_t thread) {
  switch (call.kind) {
    case SOCKTAP_CALL_SENDMSG:
    case SOCKTAP_CALL_SENDMMSG:  // the first message's header is what the array begins with
    case SOCKTAP_CALL_RECVMSG:
    case SOCKTAP_CALL_RECVMMSG: {
      const auto message = read_message(thread, call.arguments[1], call.compat);
      if (!message) return unreadable;
      return size_of_vectors(thread, message->vectors, message->count, call.compat);
    }
    case SOCKTAP_CALL_WRITEV:
    case SOCKTAP_CALL_PWRITEV2:
    case SOCKTAP_CALL_READV:
    case SOCKTAP_CALL_PREADV2:
      return size_of_vectors(thread, call.arguments[1], call.arguments[2], call.compat);
    case SOCKTAP_CALL_SENDFILE:
      return capped(call.arguments[3]);
    case SOCKTAP_CALL_SPLICE:
      return capped(call.arguments[4]);
    default:
      return capped(call.arguments[2]);
  }
}

std::uint32_t flags_of(const BegunCall& call) {
  const unsigned argument = flags_argument_of(call.kind);
  if (argument == 0) return 0;
  return static_cast<std::uint32_t>(call.arguments[argument - 1]) & ~kernel_only_flags;
}

// Which end of the two is a socket. splice takes from a pipe or gives to one; sendfile takes from
// what has positions.
std::optional<MessageCall> message_between(const BegunCall& call, const ProcessHandle& process,
                                           DescriptorTable& table) {
  const bool splice = call.kind == SOCKTAP_CALL_SPLICE;
  const auto in = static_cast<int>(call.arguments[splice ? 0 : 1]);
  const auto out = static_cast<int>(call.arguments[splice ? 2 : 0]);
  if (SocketPtr socket = table.at(process, out).socket) {
    const mode_t from = process.file_at(in).type;
    if (splice != (from == S_IFIFO) || from == S_IFSOCK) return std::nullopt;
    return MessageCall{
        .socket = std::move(socket), .descriptor = out, .direction = Operation::send};
  }
  if (process.file_at(out).type != S_IFIFO) return std::nullopt;
  return MessageCall{
      .socket = table.at(process, in).socket, .descriptor = in, .direction = Operation::receive};
}

// Those in the control data of a message.
void add_passed(std::vector<int>& descriptors, const Message& message, pid_t thread, bool compat) {
  constexpr std::uint64_t most_control = 1 << 16;
  if (message.control_length == 0 || message.control_length > most_control) return;
  std::vector<std::byte> control(message.control_length);
  if (!read_memory(thread, message.control, control.data(), control.size())) return;
  const std::size_t header_size = compat ? sizeof(CompatControl) : sizeof(cmsghdr);
  const std::size_t alignment = compat ? 4 : sizeof(long);
  for (std::size_t at = 0; at + header_size <= control.size();) {
    cmsghdr header{};
    CompatControl narrow{};
    if (compat) {
      std::memcpy(&narrow, &control[at], sizeof narrow);
      header = {narrow.length, narrow.level, narrow.type};
    } else {
      std::memcpy(&header, &control[at], sizeof header);
    }
    if (header.cmsg_len < header_size || header.cmsg_len > control.size() - at) break;
    if (header.cmsg_level == SOL_SOCKET && header.cmsg_type == SCM_RIGHTS) {
      for (std::size_t each = at + header_size; each + sizeof(int) <= at + header.cmsg_len;
           each += sizeof(int)) {
        int descriptor = -1;
        std::memcpy(&descriptor, &control[each], sizeof descriptor);
        descriptors.push_back(descriptor);
      }
    }
    at += (header.cmsg_len + alignment - 1) / alignment * alignment;
  }
}

}  // namespace

BegunCall begun_call(pid_t thread, const TracedCall& call) {
  const CallTable& table = call.compat ? compat_calls() : native_calls();
  BegunCall begun{.compat = call.compat, .number = call.number};
  std::ranges::copy(call.arguments, begun.arguments.begin());
  if (call.number < table.size()) begun.kind = static_cast<socktap_call>(table[call.number]);
  if (begun.kind != SOCKTAP_CALL_SOCKETCALL) return begun;
  begun.kind = socktap_kind_of_socketcall(call.arguments[0]);
  begun.part = static_cast<std::uint8_t>(std::min<std::uint64_t>(call.arguments[0], 0xff));
  // It has as many arguments as it takes: after fewer than six the memory may end.
  std::array<std::uint32_t, 6> arguments{};
  const bool known =
      std::ranges::any_of(std::array<std::size_t, 4>{6, 4, 3, 2}, [&](std::size_t count) {
        return read_memory(thread, call.arguments[1], arguments.data(),
                           count * sizeof(std::uint32_t));
      });
  if (!known) begun.kind = SOCKTAP_CALL_OTHER;
  std::ranges::copy(arguments, begun.arguments.begin());
  return begun;
}

bool makes_wanted_messages(socktap_call kind, const Interest& interest) {
  return std::ranges::any_of(
      std::array{Operation::send, Operation::receive}, [&](Operation direction) {
        return path_of_call(kind, direction) != Path::none && interest.wants(direction);
      });
}

std::optional<MessageCall> message_call(const BegunCall& call, pid_t thread,
                                        const ProcessHandle& process, DescriptorTable& table) {
  const Path sends = path_of_call(call.kind, Operation::send);
  const Path receives = path_of_call(call.kind, Operation::receive);
  const bool makes_none = sends == Path::none && receives == Path::none;
  if (makes_none || call.kind == SOCKTAP_CALL_IO_SUBMIT ||
      socktap_has_position(call.kind, call.compat, call.arguments.data()) ||
      socktap_is_empty_batch(call.kind, call.arguments.data()))
    return std::nullopt;
  std::optional<MessageCall> message;
  if (sends != Path::none && receives != Path::none) {
    message = message_between(call, process, table);
  } else {
    const auto descriptor = static_cast<int>(call.arguments[0]);
    message = MessageCall{.socket = table.at(process, descriptor).socket,
                          .descriptor = descriptor,
                          .direction = sends != Path::none ? Operation::send : Operation::receive};
  }
  if (!message || !message->socket) return std::nullopt;
  message->path = message->direction == Operation::send ? sends : receives;
  message->offered = offered_size(call, thread);
  message->flags = flags_of(call);
  if (message->offered == 0 && socktap_ignores_nothing(call.kind)) return std::nullopt;
  return message;
}

std::size_t messages_of(const BegunCall& call) {
  const std::uint64_t asked = call.arguments[2] & 0xffff'ffff;
  return socktap_is_batch(call.kind) ? std::min<std::uint64_t>(asked, IOV_MAX) : 1;
}

std::size_t messages_done(const BegunCall& call, std::int64_t result) {
  if (result < 0) return 0;
  const auto done = static_cast<std::uint64_t>(result);
  return socktap_is_batch(call.kind) ? std::min<std::uint64_t>(done, messages_of(call)) : 1;
}

std::vector<std::int64_t> sizes_in_batch(const BegunCall& call, pid_t thread, std::size_t count) {
  const std::size_t stride = call.compat ? sizeof(CompatBatched) : sizeof(mmsghdr);
  const std::size_t offset =
      call.compat ? offsetof(CompatBatched, length) : offsetof(mmsghdr, msg_len);
  std::vector<std::byte> batch(count * stride);
  if (!read_memory(thread, call.arguments[1], batch.data(), batch.size())) return {};
  std::vector<std::int64_t> sizes;
  for (std::size_t i = 0; i < count; ++i) {
    std::uint32_t size = 0;
    std::memcpy(&size, &batch[i * stride + offset], sizeof size);
    sizes.push_back(size);
  }
  return sizes;
}

std::vector<int> passed_descriptors(const BegunCall& call, pid_t thread, std::size_t first,
                                    std::size_t end) {
  const std::size_t stride = call.compat ? sizeof(CompatBatched) : sizeof(mmsghdr);
  std::vector<int> descriptors;
  for (std::size_t i = first; i < end; ++i) {
    const auto message = read_message(thread, call.arguments[1] + i * stride, call.compat);
    if (message) add_passed(descriptors, *message, thread, call.compat);
  }
  return descriptors;
}

}  // namespace socktap::sources::ptrace
