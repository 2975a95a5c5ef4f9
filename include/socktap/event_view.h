/// @file
/// An event, as a handler is shown it.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "socktap/export.h"

namespace socktap {

struct ShownEvent;
namespace api {
class RecordSink;
}

/// The value of a variable: a number or a text.
using Value = std::variant<std::int64_t, std::string>;

/// One thing that happened: a message, a socket made or closed, a packet, a system call, a process
/// that began or ended; or that a timer or a moment of the run came.
///
/// A view: valid only during the call that hands it over, whatever is to be kept must be copied out
/// of it. What has the name of a variable of scripts means what that means (`socktap list -L`,
/// socktap-probes(5)). A variable that the probe point does not have, or that was not captured
/// (Subscription::variables), is 0 or empty; variable() tells which.
class SOCKTAP_API EventView {
 public:
  EventView(const EventView&) = delete;
  EventView& operator=(const EventView&) = delete;

  /// @name When, where and who
  /// @{

  /// The probe point: "socket.send", "timer.s(1)".
  std::string_view point() const;
  /// When it happened.
  std::chrono::system_clock::time_point time() const;
  /// Process, its thread and its parent process.
  pid_t pid() const;
  pid_t tid() const;   ///< Thread.
  pid_t ppid() const;  ///< Parent process.
  uid_t uid() const;   ///< Real user.
  uid_t euid() const;  ///< Effective user.
  gid_t gid() const;   ///< Real group.
  gid_t egid() const;  ///< Effective group.
  /// Command name, 15 bytes at most.
  std::string_view execname() const;
  int cpu() const;  ///< CPU that it happened on.
  /// @}

  /// @name The message or the operation
  /// @{

  /// Bytes: offered or asked for when it begins; moved, or the negative errno, when it concluded.
  std::int64_t size() const;
  bool success() const;      ///< The result is not negative.
  std::int64_t err() const;  ///< Of a socket that is made: 0 or the negative errno.
  /// Since the operation began; 0 where its beginning was not seen.
  std::chrono::nanoseconds latency() const;
  std::int64_t msg_flags() const;  ///< MSG_*: message_flag_names()
  bool requester() const;          ///< The kernel asked for the socket.
  /// @}

  /// @name The socket
  /// @{

  std::int64_t protocol() const;  ///< protocol_name()
  std::int64_t family() const;    ///< family_name()
  std::int64_t type() const;      ///< type_name()
  std::int64_t state() const;     ///< state_name()
  std::int64_t flags() const;     ///< socket_flag_names()
  /// Its number, unique and stable while it lives; no kernel address.
  std::uint64_t sock() const;
  int fd() const;                   ///< Descriptor; -1 if none named it or that is not known.
  std::string local_addr() const;   ///< "10.0.0.7", "::1"; empty if it is not IP.
  int local_port() const;           ///< 0 if it is not IP.
  std::string remote_addr() const;  ///< Of the peer; empty if it is not IP.
  int remote_port() const;          ///< Of the peer; 0 if it is not IP.
  /// Of AF_UNIX: the path it is bound to, else its peer's, @ before an abstract name.
  std::string path() const;
  std::uint64_t netns() const;   ///< Network namespace, by its inode.
  std::uint64_t cgroup() const;  ///< Id of the task's control group (v2); 0: none.
  /// @}

  /// @name Any variable
  /// @{

  /// By the name that scripts know it by; nothing if the probe point has none of that name, or it
  /// was not captured.
  std::optional<Value> variable(std::string_view name) const;
  /// What there are, as `socktap list -L` lists them.
  std::vector<std::string_view> variables() const;
  /// @}

 private:
  friend class api::RecordSink;
  explicit EventView(const ShownEvent& event) : event_(event) {}

  const ShownEvent& event_;
};

}  // namespace socktap
