#include "sources/ring/ring_reader.h"

#include <algorithm>
#include <cassert>

namespace socktap::sources {
namespace {

std::uint64_t load_acquire(const __u64& word) { return __atomic_load_n(&word, __ATOMIC_ACQUIRE); }

// How many records are read before the writer learns of the room.
constexpr std::uint64_t release_interval = 64;
constexpr std::uint64_t fetched_ahead = 8;

}  // namespace

RingReader::RingReader(std::span<socktap_cpu> cpus, std::span<const std::byte> slots,
                       std::size_t record_size)
    : record_size_(record_size) {
  assert(!cpus.empty() && slots.size() % (cpus.size() * record_size) == 0);
  const std::size_t size = slots.size() / cpus.size() / record_size;
  assert((size & (size - 1)) == 0);
  mask_ = size - 1;
  rings_.reserve(cpus.size());
  for (std::size_t i = 0; i < cpus.size(); ++i) {
    rings_.push_back({.shared = &cpus[i], .slots = &slots[i * size * record_size]});
    rings_.back().position = load_acquire(cpus[i].tail);
  }
}

void RingReader::look(std::uint64_t now) {
  advance();
  fill_ = 0;
  for (Ring& ring : rings_) {
    release(ring);
    ring.head = load_acquire(ring.shared->head);
    const auto used = static_cast<double>(ring.head - ring.position);
    fill_ = std::max(fill_, used / static_cast<double>(mask_ + 1));
    peek(ring);
  }
  looked_at_ = now;
  current_ = nullptr;
  waiting_ = false;
}

// The writer's CPU still has in its cache what the reader asks for: it is asked for early.
void RingReader::fetch(const Ring& ring, std::uint64_t position) const {
  const std::byte* record = ring.slots + (position & mask_) * record_size_;
  __builtin_prefetch(record);
  __builtin_prefetch(record + 64);
}

// Learns the time of the record at the ring's position.
void RingReader::peek(Ring& ring) {
  ring.time = no_time;
  ring.unpublished = false;
  for (; ring.position < ring.head; ++ring.position, ++overwritten_) {
    const Event& event = at(ring);
    const std::uint64_t commit = load_acquire(event.commit);
    if (commit == ring.position + 1 && is_well_formed(event)) {
      ring.time = event.time;
      ring.event = &event;
      if (ring.position + fetched_ahead < ring.head) fetch(ring, ring.position + fetched_ahead);
      return;
    }
    if (commit <= ring.position) {
      ring.unpublished = true;
      return;
    }
  }
}

// Takes back the record that the caller had.
void RingReader::advance() {
  if (!handed_out_) return;
  handed_out_ = false;
  current_->last_time = current_->time;
  ++current_->position;
  if (current_->position % release_interval == 0) release(*current_);
  peek(*current_);
}

void RingReader::release(Ring& ring) {
  __atomic_store_n(&ring.shared->tail, ring.position, __ATOMIC_RELEASE);
}

// Chooses the ring with the earliest record, and how far its records go before another's. A record
// that is being written is not earlier than the one before it in its ring.
bool RingReader::choose() {
  current_ = nullptr;
  run_until_ = looked_at_;
  waiting_ = false;
  for (Ring& ring : rings_) {
    if (ring.unpublished) peek(ring);
    if (ring.unpublished) {
      waiting_ = true;
      run_until_ = std::min(run_until_, ring.last_time);
    } else if (ring.time != no_time && (!current_ || ring.time < current_->time)) {
      if (current_) run_until_ = std::min(run_until_, current_->time);
      current_ = &ring;
    } else {
      run_until_ = std::min(run_until_, ring.time);
    }
  }
  return current_ != nullptr;
}

const Event* RingReader::next(std::uint64_t deadline) {
  advance();
  const bool running = current_ && current_->time <= run_until_;
  if (!running && !choose()) return nullptr;
  if (current_->time > std::min(run_until_, deadline)) return nullptr;
  handed_out_ = true;
  return current_->event;
}

bool RingReader::empty() const {
  return std::all_of(rings_.begin(), rings_.end(),
                     [](const Ring& ring) { return ring.position == ring.head; });
}

std::uint64_t RingReader::pass_unpublished() {
  std::uint64_t passed = 0;
  for (Ring& ring : rings_)
    for (peek(ring); ring.unpublished; peek(ring), ++passed) ++ring.position;
  current_ = nullptr;
  return passed;
}

void RingReader::skip_all() {
  handed_out_ = false;
  for (Ring& ring : rings_) {
    ring.head = load_acquire(ring.shared->head);
    ring.position = ring.head;
    release(ring);
    peek(ring);
  }
  current_ = nullptr;
}

}  // namespace socktap::sources
