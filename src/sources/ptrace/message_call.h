// What a system call asks of a socket: which message it makes, as its arguments and the memory that
// they lead to say.
#pragma once

#include <linux/types.h>

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "event/wire.h"
#include "sources/calls/call_rules.h"
#include "sources/interest.h"
#include "sources/ptrace/sockets.h"
#include "sources/ptrace/tracee.h"
#include "tapset/catalogue.h"

namespace socktap::sources::ptrace {

// A call at its beginning, with the kind that the table of calls gives its number.
struct BegunCall {
  socktap_call kind = SOCKTAP_CALL_OTHER;
  bool compat = false;
  std::uint8_t part = 0;  // which call socketcall(2) makes; 0: it is none
  std::uint64_t number = 0;
  std::array<__u64, SOCKTAP_CALL_ARGUMENTS> arguments{};
};

// socketcall(2), by which 32-bit programs make many calls, is taken apart; of a call that cannot be
// the kind is SOCKTAP_CALL_OTHER.
BegunCall begun_call(pid_t thread, const TracedCall& call);

struct MessageCall {
  SocketPtr socket;
  int descriptor = -1;
  tapset::Operation direction{};
  tapset::Path path{};
  std::int64_t offered = 0;  // bytes to be sent, or room; -1: the memory could not be read
  std::uint32_t flags = 0;
};

// Whether such calls may make messages that somebody asks for.
bool makes_wanted_messages(socktap_call kind, const Interest& interest);

// nullopt: the call makes no message.
std::optional<MessageCall> message_call(const BegunCall& call, pid_t thread,
                                        const ProcessHandle& process, DescriptorTable& table);

// How many messages a call is about at most.
std::size_t messages_of(const BegunCall& call);
// How many of them were moved, whoever says how it ended.
std::size_t messages_done(const BegunCall& call, std::int64_t result);

// Of a batch that has ended: the sizes of its first `count` messages; none if they cannot be read.
std::vector<std::int64_t> sizes_in_batch(const BegunCall& call, pid_t thread, std::size_t count);

// The descriptors that the control data of sendmsg, recvmsg or a batch of them pass on: of its
// messages from `first` up to `end`.
std::vector<int> passed_descriptors(const BegunCall& call, pid_t thread, std::size_t first,
                                    std::size_t end);

}  // namespace socktap::sources::ptrace
