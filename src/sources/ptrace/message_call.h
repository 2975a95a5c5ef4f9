// What a system call asks of a socket: which message it makes, as its arguments and the memory that
// they lead to say.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "sources/calls/call_kind.h"
#include "sources/ptrace/sockets.h"
#include "sources/ptrace/tracee.h"
#include "tapset/catalogue.h"

namespace socktap::sources::ptrace {

// A call at its beginning, with the kind that the table of calls gives its number.
struct BegunCall {
  socktap_call kind = SOCKTAP_CALL_OTHER;
  bool compat = false;
  std::uint64_t number = 0;
  std::array<std::uint64_t, 6> arguments{};
};

// socketcall(2), by which 32-bit programs make many calls, is taken apart; of a call that cannot be
// the kind is SOCKTAP_CALL_OTHER.
BegunCall begun_call(pid_t process, const TracedCall& call);

struct MessageCall {
  SocketPtr socket;
  int descriptor = -1;
  tapset::Operation direction{};
  tapset::Path path{};
  std::int64_t offered = 0;  // bytes to be sent, or room; -1: the memory could not be read
  std::uint32_t flags = 0;
};

// nullopt: the call makes no message.
std::optional<MessageCall> message_call(const BegunCall& call, const ProcessHandle& process,
                                        DescriptorTable& table);

bool is_batch(socktap_call kind);

// Of a batch that has ended: the sizes of its first `count` messages; fewer if they cannot be read.
std::vector<std::int64_t> sizes_in_batch(const BegunCall& call, pid_t process, std::size_t count);

// The descriptors that the control data of sendmsg or recvmsg passes on; of a batch none are told.
std::vector<int> passed_descriptors(const BegunCall& call, pid_t process);

}  // namespace socktap::sources::ptrace
