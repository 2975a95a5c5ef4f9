// Writes the truth: one line for every event that the contract promises of the calls made.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "marks.h"
#include "socket.h"
#include "tapset/catalogue.h"
#include "truth.h"

namespace socktap::workload {

using tapset::Operation;
using tapset::Path;
using tapset::PathSet;
using tapset::Phase;

// One message, after the call that made it. Sizes in bytes.
struct Message {
  Operation operation;
  PathSet paths;
  std::int64_t offered = 0;  // at entry: bytes offered or room asked for
  std::int64_t moved = 0;    // at conclusion: bytes moved or the negative errno
  std::string_view begin_mark = mark::none;
  std::string_view conclusion_mark = mark::none;
  bool in_pieces = false;
  bool on_worker = false;                   // a kernel worker did it: the thread is not known
  bool may_lack_room = false;               // the call may have set NOSPACE
  std::optional<std::int64_t> msg_flags{};  // those that the kernel was given
  std::optional<int> begin_state{};         // if the call changed it
};

// Threads may share one, and so may forked processes: a line is one write to a file opened for
// appending. The name of the step is set between steps, by the main thread.
class Recorder {
 public:
  explicit Recorder(int fd) : fd_(fd) {}

  void start_step(std::string_view name) { step_ = name; }

  void message(const Socket& socket, const Message& message);

  // A call that made no message, which its entry does not show.
  void may_begin(const Socket& socket, Operation operation, Path path);

  // socket(2) and socketpair(2), as they were asked. error: 0 or negative errno.
  void created(int family, int type, int protocol, int error = 0);

  // A socket about to be released by this thread. Called before the release (its values are the
  // last ones) and returned for `closed`, after it.
  using Closing = test::Happening;
  Closing closing(const Socket& socket) const;
  void closed(const Closing& closing, std::string_view mark = mark::none);

  // One that another process or an unknown thread of this one will release.
  void will_close(Closing closing, std::optional<std::int64_t> pid,
                  std::optional<std::int64_t> tid);

  // Released by the failing call that made it; `socket` holds what it had become.
  void discarded(const Socket& socket);

  void skipped(std::string_view reason);

 private:
  test::Happening happening(Operation operation, Phase phase, PathSet paths) const;
  void write(const test::Happening& happening);
  void write_line(std::string line);

  int fd_;
  std::string step_;
  std::atomic<std::uint64_t> calls_{0};
};

}  // namespace socktap::workload
