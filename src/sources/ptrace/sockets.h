// The sockets of traced processes: which descriptors lead to them, what they are, and when the last
// descriptor goes.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "sources/ptrace/process_handle.h"
#include "sources/ptrace/socket.h"

namespace socktap::sources::ptrace {

// All sockets that are known. They are asked themselves or, where pidfd_getfd(2) is refused, looked
// up in /proc.
class Sockets {
 public:
  // `refused` is called when nobody may look at what a descriptor leads to.
  explicit Sockets(std::function<void()> refused = [] {}) : refused_(std::move(refused)) {}
  void count_refused() const { refused_(); }

  // The socket with that inode, which the descriptor leads to.
  SocketPtr ask(const ProcessHandle& process, int descriptor, ino_t inode);

  // nullopt: the descriptor is gone.
  static std::optional<SocketCondition> condition(const ProcessHandle& process, int descriptor,
                                                  Socket& socket, Asked asked);

 private:
  SocketPtr remember(const Socket& made);
  void sweep();

  std::unordered_map<ino_t, SocketPtr> known_;  // a number is not given anew for long
  std::function<void()> refused_;
  std::size_t next_sweep_ = 1024;  // when so many are known
};

// What of this cannot be told of sockets here, one sentence each.
std::vector<std::string> limits_of_sockets(Asked asked);

// The descriptors of a process, or of all that share them.
class DescriptorTable {
 public:
  explicit DescriptorTable(Sockets& sockets) : sockets_(sockets) {}
  ~DescriptorTable();
  DescriptorTable(const DescriptorTable&) = delete;
  DescriptorTable& operator=(const DescriptorTable&) = delete;

  // A descriptor that leads to a socket. `since` is different when it was closed and made anew.
  struct Entry {
    SocketPtr socket;  // nullptr: it leads to none
    std::uint64_t since = 0;
  };
  Entry at(const ProcessHandle& process, int descriptor);
  // Of one that was made just now, whatever had its number before.
  Entry made_at(const ProcessHandle& process, int descriptor);

  // Looks for all that are open.
  void explore(const ProcessHandle& process);

  // The descriptor was closed, or leads to something else.
  void forget(int descriptor);
  void forget(int descriptor, std::uint64_t since);  // unless it was made anew
  void duplicate(int from, int to);
  std::unique_ptr<DescriptorTable> copy() const;

  // Those that are known to lead to sockets.
  const std::map<int, Entry>& entries() const { return known_; }

 private:
  Entry set(int descriptor, SocketPtr socket);

  Sockets& sockets_;
  std::map<int, Entry> known_;
  std::uint64_t made_ = 0;  // entries
};

}  // namespace socktap::sources::ptrace
