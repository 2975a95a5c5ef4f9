// The ways to send and to receive that a calibration drives.
#pragma once

#include <liburing.h>
#include <linux/aio_abi.h>
#include <sys/types.h>

#include <memory>
#include <span>
#include <string_view>

#include "base/unique_fd.h"
#include "tapset/catalogue.h"

namespace socktap::sources {

// What some ways take beside the socket, made when it is first asked for. One thread uses it.
class Workshop {
 public:
  Workshop() = default;
  ~Workshop();
  Workshop(const Workshop&) = delete;
  Workshop& operator=(const Workshop&) = delete;

  int file();                   // of zeros, longer than any message; -1 where there is none
  std::span<const int> pipe();  // read end, write end; empty where there is none
  io_uring* ring();             // nullptr where the kernel has none or refuses it
  aio_context_t aio();          // 0 where the kernel has none

 private:
  UniqueFd file_;
  UniqueFd pipe_[2];
  int pipe_ends_[2] = {-1, -1};
  bool ring_tried_ = false;
  std::unique_ptr<io_uring> ring_;
  aio_context_t aio_ = 0;
};

struct Way {
  std::string_view name;  // "sendmmsg", "io_uring recv"
  tapset::Operation operation;
  tapset::Path path;
  bool begin_is_seen;
  // Moves one message of `data`'s size; whether it did. The peer's data is there already.
  bool (*run)(Workshop& workshop, int socket, std::span<char> data);
};

// One for each path.
std::span<const Way> plain_ways(tapset::Operation direction);
// All. The plain ones come first.
std::span<const Way> all_ways(tapset::Operation direction);

}  // namespace socktap::sources
