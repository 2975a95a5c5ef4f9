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
std::optional<T> read(pid_t process, std::uint64_t address) {
  T value;
  if (!read_memory(process, address, &value, sizeof value)) return std::nullopt;
  return value;
}

std::uint64_t address_of(const void* pointer) { return reinterpret_cast<std::uintptr_t>(pointer); }

std::optional<Message> read_message(pid_t process, std::uint64_t address, bool compat) {
  if (compat) {
    const auto header = read<CompatMessage>(process, address);
    if (!header) return std::nullopt;
    return Message{header->vectors, header->count, header->control, header->control_length};
  }
  const auto header = read<msghdr>(process, address);
  if (!header) return std::nullopt;
  return Message{address_of(header->msg_iov), header->msg_iovlen, address_of(header->msg_control),
                 header->msg_controllen};
}

std::int64_t capped(std::uint64_t size) {
  return size > static_cast<std::uint64_t>(most_bytes) ? most_bytes
                                                       : static_cast<std::int64_t>(size);
}

template <typename Vector>
std::int64_t sum_of(pid_t process, std::uint64_t address, std::uint64_t count, auto length_of) {
  if (count == 0) return 0;
  if (count > IOV_MAX) return unreadable;
  std::vector<Vector> vectors(count);
  if (!read_memory(process, address, vectors.data(), count * sizeof(Vector))) return unreadable;
  std::uint64_t total = 0;
  for (const Vector& vector : vectors) total += length_of(vector);
  return static_cast<std::int64_t>(total) < 0 ? unreadable : capped(total);
}

std::int64_t size_of_vectors(pid_t process, std::uint64_t address, std::uint64_t count,
                             bool compat) {
  if (compat)
    return sum_of<CompatVector>(process, address, count,
                                [](const CompatVector& vector) { return vector.length; });
  return sum_of<iovec>(process, address, count, [](const iovec& vector) { return vector.iov_len; });
}

std::int64_t offered_size(const BegunCall& call, pid_t process) {
  switch (call.kind) {
    case SOCKTAP_CALL_SENDMSG:
    case SOCKTAP_CALL_SENDMMSG:  // the first message's header is what the array begins with
    case SOCKTAP_CALL_RECVMSG:
    case SOCKTAP_CALL_RECVMMSG: {
      const auto message = read_message(process, call.arguments[1], call.compat);
      if (!message) return unreadable;
      return size_of_vectors(process, message->vectors, message->count, call.compat);
    }
    case SOCKTAP_CALL_WRITEV:
    case SOCKTAP_CALL_PWRITEV2:
    case SOCKTAP_CALL_READV:
    case SOCKTAP_CALL_PREADV2:
      return size_of_vectors(process, call.arguments[1], call.arguments[2], call.compat);
    case SOCKTAP_CALL_SENDFILE:
      return capped(call.arguments[3]);
    case SOCKTAP_CALL_SPLICE:
      return capped(call.arguments[4]);
    default:
      return capped(call.arguments[2]);
  }
}

// Positions other than -1, the file's own, end in ESPIPE.
bool has_position(const BegunCall& call) {
  if (call.kind != SOCKTAP_CALL_PWRITEV2 && call.kind != SOCKTAP_CALL_PREADV2) return false;
  if (call.compat) return (call.arguments[3] & call.arguments[4]) != 0xffff'ffff;
  return call.arguments[3] != ~std::uint64_t{0};
}

// Asked to move nothing, these end before they come to the socket.
bool ignores_nothing(socktap_call kind) {
  switch (kind) {
    case SOCKTAP_CALL_READ:
    case SOCKTAP_CALL_READV:
    case SOCKTAP_CALL_PREADV2:
    case SOCKTAP_CALL_WRITEV:
    case SOCKTAP_CALL_PWRITEV2:
    case SOCKTAP_CALL_SPLICE:
    case SOCKTAP_CALL_SENDFILE:
      return true;
    default:
      return false;
  }
}

std::uint32_t flags_of(const BegunCall& call) {
  switch (call.kind) {
    case SOCKTAP_CALL_SENDMSG:
    case SOCKTAP_CALL_RECVMSG:
      return static_cast<std::uint32_t>(call.arguments[2]) & ~kernel_only_flags;
    case SOCKTAP_CALL_SEND:
    case SOCKTAP_CALL_SENDTO:
    case SOCKTAP_CALL_SENDMMSG:
    case SOCKTAP_CALL_RECV:
    case SOCKTAP_CALL_RECVFROM:
    case SOCKTAP_CALL_RECVMMSG:
      return static_cast<std::uint32_t>(call.arguments[3]) & ~kernel_only_flags;
    default:
      return 0;
  }
}

// Which end of the two is a socket. splice takes from a pipe or gives to one; sendfile takes from
// what has positions.
std::optional<MessageCall> message_between(const BegunCall& call, const ProcessHandle& process,
                                           DescriptorTable& table) {
  const bool splice = call.kind == SOCKTAP_CALL_SPLICE;
  const auto in = static_cast<int>(call.arguments[splice ? 0 : 1]);
  const auto out = static_cast<int>(call.arguments[splice ? 2 : 0]);
  if (SocketPtr socket = table.at(process, out)) {
    const mode_t from = process.type_of(in);
    if (splice != (from == S_IFIFO) || from == S_IFSOCK) return std::nullopt;
    return MessageCall{
        .socket = std::move(socket), .descriptor = out, .direction = Operation::send};
  }
  if (process.type_of(out) != S_IFIFO) return std::nullopt;
  return MessageCall{
      .socket = table.at(process, in), .descriptor = in, .direction = Operation::receive};
}

socktap_call kind_of_socketcall(std::uint64_t call) {
  constexpr socktap_call kinds[] = {
      SOCKTAP_CALL_OTHER,      SOCKTAP_CALL_SOCKET,  SOCKTAP_CALL_OTHER, SOCKTAP_CALL_CONNECT,
      SOCKTAP_CALL_OTHER,      SOCKTAP_CALL_OTHER,   SOCKTAP_CALL_OTHER, SOCKTAP_CALL_OTHER,
      SOCKTAP_CALL_SOCKETPAIR, SOCKTAP_CALL_SEND,    SOCKTAP_CALL_RECV,  SOCKTAP_CALL_SENDTO,
      SOCKTAP_CALL_RECVFROM,   SOCKTAP_CALL_OTHER,   SOCKTAP_CALL_OTHER, SOCKTAP_CALL_OTHER,
      SOCKTAP_CALL_SENDMSG,    SOCKTAP_CALL_RECVMSG, SOCKTAP_CALL_OTHER, SOCKTAP_CALL_RECVMMSG,
      SOCKTAP_CALL_SENDMMSG};
  return call < std::size(kinds) ? kinds[call] : SOCKTAP_CALL_OTHER;
}

}  // namespace

BegunCall begun_call(pid_t process, const TracedCall& call) {
  const CallTable& table = call.compat ? compat_calls() : native_calls();
  BegunCall begun{.compat = call.compat, .number = call.number, .arguments = call.arguments};
  if (call.number < table.size()) begun.kind = static_cast<socktap_call>(table[call.number]);
  if (begun.kind != SOCKTAP_CALL_SOCKETCALL) return begun;
  begun.kind = kind_of_socketcall(call.arguments[0]);
  // It has as many arguments as it takes: after fewer than six the memory may end.
  std::array<std::uint32_t, 6> arguments{};
  const bool known =
      std::ranges::any_of(std::array<std::size_t, 3>{6, 4, 3}, [&](std::size_t count) {
        return read_memory(process, call.arguments[1], arguments.data(),
                           count * sizeof(std::uint32_t));
      });
  if (!known) begun.kind = SOCKTAP_CALL_OTHER;
  std::ranges::copy(arguments, begun.arguments.begin());
  return begun;
}

bool is_batch(socktap_call kind) {
  return kind == SOCKTAP_CALL_SENDMMSG || kind == SOCKTAP_CALL_RECVMMSG;
}

std::optional<MessageCall> message_call(const BegunCall& call, const ProcessHandle& process,
                                        DescriptorTable& table) {
  const Path sends = path_of_call(call.kind, Operation::send);
  const Path receives = path_of_call(call.kind, Operation::receive);
  const bool makes_none = sends == Path::none && receives == Path::none;
  const bool is_empty_batch =
      is_batch(call.kind) && static_cast<std::uint32_t>(call.arguments[2]) == 0;
  if (makes_none || has_position(call) || is_empty_batch || call.kind == SOCKTAP_CALL_IO_SUBMIT)
    return std::nullopt;
  std::optional<MessageCall> message;
  if (sends != Path::none && receives != Path::none) {
    message = message_between(call, process, table);
  } else {
    const auto descriptor = static_cast<int>(call.arguments[0]);
    message = MessageCall{.socket = table.at(process, descriptor),
                          .descriptor = descriptor,
                          .direction = sends != Path::none ? Operation::send : Operation::receive};
  }
  if (!message || !message->socket) return std::nullopt;
  message->path = message->direction == Operation::send ? sends : receives;
  message->offered = offered_size(call, process.process());
  message->flags = flags_of(call);
  if (message->offered == 0 && ignores_nothing(call.kind)) return std::nullopt;
  return message;
}

std::vector<std::int64_t> sizes_in_batch(const BegunCall& call, pid_t process, std::size_t count) {
  std::vector<std::int64_t> sizes;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t at = call.compat
                                 ? i * sizeof(CompatBatched) + offsetof(CompatBatched, length)
                                 : i * sizeof(mmsghdr) + offsetof(mmsghdr, msg_len);
    const auto length = read<std::uint32_t>(process, call.arguments[1] + at);
    if (!length) break;
    sizes.push_back(*length);
  }
  return sizes;
}

std::vector<int> passed_descriptors(const BegunCall& call, pid_t process) {
  if (call.kind != SOCKTAP_CALL_SENDMSG && call.kind != SOCKTAP_CALL_RECVMSG) return {};
  const auto message = read_message(process, call.arguments[1], call.compat);
  constexpr std::uint64_t most_control = 1 << 16;
  if (!message || message->control_length == 0 || message->control_length > most_control) return {};
  std::vector<std::byte> control(message->control_length);
  if (!read_memory(process, message->control, control.data(), control.size())) return {};
  const std::size_t header_size = call.compat ? sizeof(CompatControl) : sizeof(cmsghdr);
  const std::size_t alignment = call.compat ? 4 : sizeof(long);
  std::vector<int> descriptors;
  for (std::size_t at = 0; at + header_size <= control.size();) {
    cmsghdr header{};
    CompatControl narrow{};
    if (call.compat) {
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
  return descriptors;
}

}  // namespace socktap::sources::ptrace
