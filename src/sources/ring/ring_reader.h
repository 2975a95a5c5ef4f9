// Reads the collectors' rings: merges the records of all CPUs by time, in place.
//
// A CPU's records are published out of order only within a nesting of programs, and a record is
// reserved before its time is taken. So once look() has seen a ring's head, every record that is
// reserved later is later than that look: what lies before the head is complete as soon as it is
// published, and all CPUs together are complete up to the time of the look.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "event/event.h"
#include "sources/ring/ring_abi.h"

namespace socktap::sources {

class RingReader {
 public:
  // `slots` holds cpus.size() rings of equal size, each a power of two of records of so many bytes.
  // Both are borrowed.
  RingReader(std::span<socktap_cpu> cpus, std::span<const std::byte> slots,
             std::size_t record_size);

  // Finds out what is there. `now` must have been read from the clock before the call.
  void look(std::uint64_t now);

  // The earliest record not yet read whose time is at most `deadline` and at most that of the last
  // look; nullptr if there is none. Valid until the next call of next(), look() or skip_all().
  const Event* next(std::uint64_t deadline);

  // Everything up to `time` that next() did not return does not exist.
  bool complete_to(std::uint64_t time) const { return !waiting_ && looked_at_ >= time; }

  // Nothing is left of what the last look found.
  bool empty() const;

  // A record was reserved, but its program has not finished writing it: nothing later can be told.
  bool waiting() const { return waiting_; }

  // Gives up waiting: how many records are passed over that are not written, in all rings.
  std::uint64_t pass_unpublished();

  // Forgets what was recorded so far.
  void skip_all();

  // Records that could not be delivered: another turn of the ring lies there, or no record at all.
  std::uint64_t overwritten() const { return overwritten_; }
  // The fullest ring at the last look, in parts of its size.
  double fill() const { return fill_; }

 private:
  static constexpr std::uint64_t no_time = ~std::uint64_t{0};

  struct Ring {
    socktap_cpu* shared;
    const std::byte* slots;
    std::uint64_t position = 0;    // next to be read
    std::uint64_t head = 0;        // as of the last look
    std::uint64_t time = no_time;  // of the record at `position`; no_time: none
    std::uint64_t last_time = 0;   // of the last record read
    const Event* event = nullptr;  // the record at `position`, if there is a time
    bool unpublished = false;      // reserved, but not yet written
  };

  const Event& at(const Ring& ring) const {
    return *reinterpret_cast<const Event*>(ring.slots + (ring.position & mask_) * record_size_);
  }
  void peek(Ring& ring);
  void fetch(const Ring& ring, std::uint64_t position) const;
  void advance();
  bool choose();
  void release(Ring& ring);

  std::vector<Ring> rings_;
  std::uint64_t mask_;
  std::size_t record_size_;
  std::uint64_t looked_at_ = 0;
  Ring* current_ = nullptr;      // the ring that next() reads from
  std::uint64_t run_until_ = 0;  // its records are the earliest up to this time
  bool handed_out_ = false;      // the record at its position is with the caller
  bool waiting_ = false;         // a record is reserved but not yet published
  double fill_ = 0;
  std::uint64_t overwritten_ = 0;
};

}  // namespace socktap::sources
