// Writes records to the ring that the reading process looks into. Where there is no room the writer
// waits, and so do those who are traced, so that nothing is lost while somebody reads.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <span>

#include "event/event.h"
#include "sources/ptrace/end_of_run.h"
#include "sources/ring/ring_abi.h"

namespace socktap::sources::ptrace {

class EventWriter {
 public:
  // Ring and slots are shared with the reader. When the run has ended nothing is written.
  EventWriter(socktap_cpu& ring, std::span<std::byte> slots, std::size_t record_size,
              EndOfRun& end);

  // No more events come.
  void say_farewell() { __atomic_store_n(&ring_.has_ended, 1, __ATOMIC_RELEASE); }

  // Something that should have been told could not be found out.
  void count_missed() { __atomic_fetch_add(&ring_.missed, 1, __ATOMIC_RELAXED); }

  // `fill` is given the record, cleared but for its time, which is now.
  template <typename Fill>
  void write(Fill fill) {
    WholeEvent* record = begin();
    if (record == nullptr) return;
    fill(*record);
    publish(*record);
  }

 private:
  WholeEvent* begin();
  void publish(WholeEvent& record);

  socktap_cpu& ring_;
  std::span<std::byte> slots_;
  std::size_t record_size_;
  std::uint64_t mask_;
  EndOfRun& end_;
  std::uint64_t position_ = 0;
};

}  // namespace socktap::sources::ptrace
