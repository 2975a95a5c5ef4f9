// What a socket tells that we have a descriptor of our own for.
#pragma once

#include <optional>

#include "sources/ptrace/process_handle.h"
#include "sources/ptrace/socket.h"

namespace socktap::sources::ptrace {

// nullopt: the descriptor leads to no socket.
std::optional<Socket> asked_socket(const UniqueFd& descriptor);

// `process`: whose socket it is; peers that a socket does not tell of are looked up there.
SocketCondition asked_condition(const UniqueFd& descriptor, const ProcessHandle& process,
                                Socket& socket, Asked asked);

// Whether a socket does not tell its network namespace; its task's is told then.
bool namespaces_are_refused();

}  // namespace socktap::sources::ptrace
