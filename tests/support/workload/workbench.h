// What a step has at hand: the recorder, and rings, AIO contexts and files made when first used.
#pragma once

#include <linux/aio_abi.h>

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "link.h"
#include "recorder.h"
#include "uring.h"

namespace socktap::workload {

// Main thread only, unless said otherwise.
class Workbench {
 public:
  explicit Workbench(Recorder& recorder, bool with_uring = true)
      : recorder_(recorder), ring_refused_(!with_uring) {}
  Workbench(const Workbench&) = delete;
  Workbench& operator=(const Workbench&) = delete;
  ~Workbench();

  Recorder& recorder() { return recorder_; }

  // A size that no other message of this run has.
  std::size_t next_size() { return next_size_++; }

  Ring* ring();         // nullptr where io_uring is refused
  aio_context_t aio();  // 0 where there is none

  // One asynchronous operation, waited for: its result, a negative errno.
  long run_aio(const iocb& operation);

  // A pipe of 1 MiB, blocking: {read end, write end}.
  std::span<const int, 2> pipe();

  // A file in memory holding these bytes, at offset 0.
  int file_of(std::span<const char> bytes);

 private:
  Recorder& recorder_;
  std::size_t next_size_ = 101;
  std::optional<Ring> ring_;
  bool ring_refused_ = false;
  aio_context_t aio_ = 0;
  int pipe_[2] = {-1, -1};
  int file_ = -1;
};

}  // namespace socktap::workload
