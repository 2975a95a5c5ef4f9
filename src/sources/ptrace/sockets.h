// The sockets of traced processes: which descriptors lead to them, what they are, and when the last
// descriptor goes.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "base/unique_fd.h"

namespace socktap::sources::ptrace {

struct Socket {
  std::uint64_t number = 0;  // its cookie
  int family = -1, type = -1, protocol = -1;
  int descriptors = 0;         // that lead to it, of traced processes, as far as they are known
  int in_flight = 0;           // of those sent by SCM_RIGHTS and not yet received
  bool is_inherited = false;   // by the run's command: others have it, too
  bool was_connected = false;  // at some time when it was asked

  bool is_held() const { return is_inherited || descriptors > 0 || in_flight > 0; }
};
using SocketPtr = std::shared_ptr<Socket>;

// What changes in a socket's life, as it is now; flags as the contract numbers them.
struct SocketCondition {
  int state = -1;
  std::uint32_t flags = 0;
};

// One process as others see it.
class ProcessHandle {
 public:
  explicit ProcessHandle(pid_t process);
  // With the descriptors of one of its threads, which no longer shares them.
  static ProcessHandle of_thread(pid_t process, pid_t thread);
  pid_t process() const { return process_; }
  pid_t thread() const { return thread_; }  // that is asked for its descriptors

  // A descriptor of our own for the same file; invalid: there is none, or it is refused.
  UniqueFd fetch(int descriptor) const;

 private:
  ProcessHandle(pid_t process, pid_t thread, UniqueFd handle)
      : process_(process), thread_(thread), handle_(std::move(handle)) {}

  pid_t process_;
  pid_t thread_;
  UniqueFd handle_;
};

// All sockets that are known, by their numbers.
class Sockets {
 public:
  // nullptr: the descriptor leads to no socket.
  SocketPtr ask(const UniqueFd& descriptor);
  static SocketCondition condition(const UniqueFd& descriptor, Socket& socket);

 private:
  void sweep();

  std::unordered_map<std::uint64_t, std::weak_ptr<Socket>> known_;
  std::size_t next_sweep_ = 1024;  // when so many are known
};

// The descriptors of a process, or of all that share them.
class DescriptorTable {
 public:
  explicit DescriptorTable(Sockets& sockets) : sockets_(sockets) {}
  ~DescriptorTable();
  DescriptorTable(const DescriptorTable&) = delete;
  DescriptorTable& operator=(const DescriptorTable&) = delete;

  // nullptr: it leads to no socket.
  SocketPtr at(const ProcessHandle& process, int descriptor);

  // Looks for all that are open.
  void explore(const ProcessHandle& process);

  // The descriptor was closed, or leads to something else.
  void forget(int descriptor);
  void forget(int descriptor, const SocketPtr& socket);  // unless it leads elsewhere by now
  void forget_range(std::uint32_t first, std::uint32_t last);
  // What leads to no socket may be gone, and its number be taken anew.
  void forget_files();
  void duplicate(int from, int to);
  std::unique_ptr<DescriptorTable> copy() const;

  // Those that are known to lead to sockets.
  std::vector<int> sockets() const;

 private:
  void set(int descriptor, SocketPtr socket);

  Sockets& sockets_;
  std::unordered_map<int, SocketPtr> known_;  // nullptr: no socket
};

}  // namespace socktap::sources::ptrace
