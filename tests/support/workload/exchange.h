// Recorded calls that most steps are made of.
#pragma once

#include <sys/types.h>

#include <functional>
#include <string_view>

#include "recorder.h"
#include "workbench.h"

namespace socktap::workload {

// send(2) and recv(2) with flags. They must move `size` bytes, or fail with it if it is negative
// (`offered` bytes are tried then). Any thread.
void send_bytes(Recorder& recorder, const Socket& socket, long size, int flags = 0,
                std::size_t offered = 100);
void receive_bytes(Recorder& recorder, const Socket& socket, long size, int flags = 0);

// Any call that makes one message on `socket`: runs it, checks its result and records it.
struct Attempt {
  std::string_view name;
  Operation operation;
  Path path;
  std::size_t offered;
  long expected;  // bytes or negative errno
  bool may_lack_room = false;
  std::optional<std::int64_t> msg_flags{};
};
void attempt(Recorder& recorder, const Socket& socket, const Attempt& attempt,
             const std::function<long()>& call);

// As receiver by read(2), until `total` bytes came or the peer ended. Names its thread `reader`.
void read_all(Recorder& recorder, const Socket& socket, std::size_t total);

}  // namespace socktap::workload
