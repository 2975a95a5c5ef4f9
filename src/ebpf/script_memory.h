// Where what a plan keeps lies in the memory that a CPU has for it.
#pragma once

#include <linux/types.h>

#include <cstdint>
#include <span>
#include <vector>

#include "ebpf/script_abi.h"
#include "plan/plan.h"

namespace socktap::ebpf {

// Of a table, from the start of a copy. An index leads from a key's hash to the number of its
// entry plus 1; 0: none. A table without key has its one entry and no index.
struct TableLayout {
  std::uint32_t used = 0;     // u64: entries in use
  std::uint32_t refused = 0;  // u64: updates that there was no entry for
  std::uint32_t index = 0;    // u32 each
  std::uint32_t index_size = 0;
  std::uint32_t slots = 0;  // of the index, a power of two
  std::uint32_t entries = 0;
  std::uint32_t entry_size = 0;
  std::uint32_t key_size = 0;          // an entry begins with its key
  std::vector<std::uint32_t> columns;  // within the key
  std::vector<std::uint32_t> cells;    // within the entry
};

struct MemoryLayout {
  std::uint32_t constants = 0;       // u64 each
  std::uint32_t key = 0;             // the one that is looked for in a table
  std::uint32_t key_of_set = 0;      // and in a set
  std::uint32_t values = 0;          // to be stored, value_size each: one for each cell of a table
  std::uint32_t locals = 0;          // u64 each
  std::uint32_t waiting = 0;         // u64 each: values of an expression, while helpers are called
  std::uint32_t thread_key = 0;      // of a thread's element
  std::uint32_t thread_value = 0;    // u64
  std::uint32_t thread_refused = 0;  // u64 for each thread array: elements without room
  std::uint32_t thread_arrays = 0;
  std::uint32_t copies = 0;  // two, one behind the other, of all tables
  std::uint32_t copy_size = 0;
  std::uint64_t size = 0;  // of all; offsets are right if it has 32 bits
  std::vector<TableLayout> tables;
  std::vector<TableLayout> sets;  // from the start of the memory; entries are keys and no more
};

inline constexpr std::uint32_t value_size = 16;

// Bytes, in memory and in keys.
std::uint32_t size_of(const plan::Kept& kept);
std::uint32_t size_of(std::span<const plan::Kept> key);

// Of a plan with tables.
MemoryLayout memory_layout(const plan::Plan& plan);

// Keys are hashed by multiplying each of their words of 8 bytes by a factor of its own and adding;
// the uppermost bits of the sum are the slot. `secret`: a random number that the factors depend on,
// so that nobody can choose keys that meet.
std::uint64_t hash_factor(std::uint64_t secret, std::size_t word);
std::uint32_t slot_of_key(std::span<const std::uint64_t> key, std::uint64_t secret,
                          std::uint32_t slots);
std::uint32_t slot_shift(std::uint32_t slots);  // by which the sum is shifted to the right

// How many slots are tried for a key; no more than a quarter of them are taken.
inline constexpr std::uint32_t most_probes = 64;

}  // namespace socktap::ebpf
