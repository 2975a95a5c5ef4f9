// Open addressing from a key's hash to an entry's number: linear probing over a power of two,
// deletion by moving back what followed. It knows no keys; the caller compares them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace socktap::vm {

class ArrayIndex {
 public:
  static constexpr std::uint32_t none = 0xffff'ffff;

  // The entry with this hash for which `same(entry)` holds, or none.
  template <typename Same>
  std::uint32_t find(std::uint32_t hash, Same same) const {
    if (slots_.empty()) return none;
    for (std::size_t at = hash & mask_; slots_[at].entry != none; at = (at + 1) & mask_) {
      if (slots_[at].hash == hash && same(slots_[at].entry)) return slots_[at].entry;
    }
    return none;
  }

  // Requires that the entry's key is not in the index yet.
  void insert(std::uint32_t hash, std::uint32_t entry) {
    if ((size_ + 1) * 2 > slots_.size()) grow();
    place({hash, entry});
    ++size_;
  }

  // Requires that the entry is in the index.
  void erase(std::uint32_t hash, std::uint32_t entry) {
    std::size_t hole = hash & mask_;
    while (slots_[hole].entry != entry) hole = (hole + 1) & mask_;
    for (std::size_t at = (hole + 1) & mask_; slots_[at].entry != none; at = (at + 1) & mask_) {
      const std::size_t home = slots_[at].hash & mask_;
      // What lies at `at` may move back unless its home is after the hole.
      if (((at - home) & mask_) >= ((at - hole) & mask_)) {
        slots_[hole] = slots_[at];
        hole = at;
      }
    }
    slots_[hole] = {};
    --size_;
  }

  // Sweeps the whole table.
  void clear() {
    slots_.assign(slots_.size(), {});
    size_ = 0;
  }

  std::size_t slots() const { return slots_.size(); }

 private:
  struct Slot {
    std::uint32_t hash = 0;
    std::uint32_t entry = none;
  };

  void place(Slot slot) {
    std::size_t at = slot.hash & mask_;
    while (slots_[at].entry != none) at = (at + 1) & mask_;
    slots_[at] = slot;
  }

  void grow() {
    std::vector<Slot> old(slots_.empty() ? 16 : slots_.size() * 2);
    old.swap(slots_);
    mask_ = slots_.size() - 1;
    for (const Slot& slot : old) {
      if (slot.entry != none) place(slot);
    }
  }

  std::vector<Slot> slots_;
  std::size_t mask_ = 0;
  std::size_t size_ = 0;
};

}  // namespace socktap::vm
