// Writes records to the ring that the reading process looks into. Nothing is lost: where there is
// no room the writer waits, and so do those who are traced.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <span>

#include "event/event.h"
#include "sources/ring/ring_abi.h"

namespace socktap::sources::ptrace {

class EventWriter {
 public:
  // Both are shared with the reader. `gone`: nobody reads any more, so that nothing is written.
  EventWriter(socktap_cpu& ring, std::span<std::byte> slots, std::size_t record_size,
              std::function<bool()> gone);

  // No more events come.
  void say_farewell() { __atomic_store_n(&ring_.has_ended, 1, __ATOMIC_RELEASE); }

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
  std::function<bool()> gone_;
  std::uint64_t position_ = 0;
};

}  // namespace socktap::sources::ptrace
