// What /proc tells of a socket that cannot be asked itself: the name of its protocol, and what the
// tables of the process's network namespace list.
#pragma once

#include <optional>

#include "sources/ptrace/net_table.h"
#include "sources/ptrace/process_handle.h"
#include "sources/ptrace/socket.h"

namespace socktap::sources::ptrace {

// What is not known of it is -1.
Socket listed_socket(const ProcessHandle& process, int descriptor, ino_t inode);

// The network namespace of a task, by inode; 0: it is gone.
std::uint32_t netns_of_task(pid_t thread);

// The flags are not told, nor the path of who is bound to none, the network namespace is the
// task's, nor is told that connect(2) has dissolved a connection. Of what is not listed (of TCP
// that is who neither listens nor has a peer) the addresses are the last that were known.
SocketCondition listed_condition(const ProcessHandle& process, Socket& socket, Asked asked);

// nullopt: it is not listed.
std::optional<NetEntry> listed_entry(const ProcessHandle& process, const Socket& socket);

}  // namespace socktap::sources::ptrace
