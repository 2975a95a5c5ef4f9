#include "sources/ptrace/event_writer.h"

#include <cstring>

#include "base/clock.h"

namespace socktap::sources::ptrace {

EventWriter::EventWriter(socktap_cpu& ring, std::span<std::byte> slots, std::size_t record_size,
                         EndOfRun& end)
    : ring_(ring),
      slots_(slots),
      record_size_(record_size),
      mask_(slots.size() / record_size - 1),
      end_(end) {}

// A place is reserved before its time is taken: what the reader finds reserved later is later.
WholeEvent* EventWriter::begin() {
  constexpr std::uint64_t moment = 50'000;
  while (position_ - __atomic_load_n(&ring_.tail, __ATOMIC_ACQUIRE) > mask_) {
    end_.wait(moment);
    if (end_.has_come()) return nullptr;
  }
  std::byte* slot = &slots_[(position_ & mask_) * record_size_];
  __atomic_store_n(&ring_.head, position_ + 1, __ATOMIC_RELEASE);
  auto* record = reinterpret_cast<WholeEvent*>(slot);
  constexpr std::size_t behind_commit = sizeof record->record.commit;
  std::memset(slot + behind_commit, 0, record_size_ - behind_commit);
  record->record.time = read_clock(CLOCK_MONOTONIC);
  return record;
}

void EventWriter::publish(WholeEvent& record) {
  ++position_;
  __atomic_store_n(&record.record.commit, position_, __ATOMIC_RELEASE);
}

}  // namespace socktap::sources::ptrace
