#include "ebpf/script_memory.h"

#include <algorithm>
#include <bit>

#include "event/event.h"
#include "language/histogram.h"

namespace socktap::ebpf {
namespace {

constexpr std::uint32_t slots_an_entry = 4;  // so that keys rarely meet

std::uint32_t size_of(const plan::Kept& kept) {
  return kept.as == plan::Kept::As::field_text ? SOCKTAP_COMM_LENGTH : sizeof(__u64);
}

std::uint32_t size_of(const plan::Cell& cell, const language::TypedProgram& program) {
  switch (cell.kind) {
    case plan::Cell::Kind::sum:
      return sizeof(socktap_kept_sum);
    case plan::Cell::Kind::last:
      return sizeof(socktap_kept_last) + size_of(cell.value);
    case plan::Cell::Kind::statistic:
      break;
  }
  const std::size_t buckets = language::bucket_count(program.globals[cell.global].histogram);
  return static_cast<std::uint32_t>(sizeof(socktap_kept_statistic) + buckets * sizeof(__u64));
}

class Writer {
 public:
  explicit Writer(const plan::Plan& plan) : plan_(plan) {}

  MemoryLayout write() {
    for (const plan::Table& table : plan_.tables.tables) layout_.tables.push_back(layout_of(table));
    layout_.copy_size = align(at_, 64);
    at_ = sizeof(socktap_script_header);
    std::size_t most_cells = 0, most_locals = 0;
    for (const plan::Table& table : plan_.tables.tables)
      most_cells = std::max(most_cells, table.cells.size());
    for (const language::Handler& handler : plan_.program->handlers)
      most_locals = std::max(most_locals, handler.locals.size());
    layout_.constants = take(plan_.tables.constants.size() * sizeof(__u64));
    layout_.key = take(longest_key(plan_.tables.tables));
    layout_.key_of_set = take(longest_key(plan_.tables.sets));
    layout_.values = take(most_cells * value_size);
    layout_.locals = take(most_locals * sizeof(__u64));
    for (const plan::KeySet& set : plan_.tables.sets)
      layout_.sets.push_back(layout_of({.key = set.key, .cells = {}, .capacity = set.capacity}));
    layout_.copies = align(at_, 64);
    layout_.size = layout_.copies + 2 * std::uint64_t{layout_.copy_size};
    return std::move(layout_);
  }

 private:
  template <typename Keyed>
  static std::uint32_t longest_key(const std::vector<Keyed>& all) {
    std::uint32_t longest = 0;
    for (const Keyed& keyed : all) {
      std::uint32_t size = 0;
      for (const plan::Kept& column : keyed.key) size += size_of(column);
      longest = std::max(longest, size);
    }
    return longest;
  }

  TableLayout layout_of(const plan::Table& table) {
    TableLayout layout;
    for (const plan::Kept& column : table.key) {
      layout.columns.push_back(layout.key_size);
      layout.key_size += size_of(column);
    }
    layout.entry_size = layout.key_size;
    for (const plan::Cell& cell : table.cells) {
      layout.cells.push_back(layout.entry_size);
      layout.entry_size += size_of(cell, *plan_.program);
    }
    layout.used = take(sizeof(__u64));
    layout.refused = take(sizeof(__u64));
    if (!table.key.empty()) layout.slots = std::bit_ceil(table.capacity * slots_an_entry);
    layout.index_size = layout.slots * sizeof(__u32);
    layout.index = take(layout.index_size);
    layout.entries = take(std::size_t{table.capacity} * layout.entry_size);
    return layout;
  }

  std::uint32_t take(std::size_t size) {
    const std::uint64_t begin = at_;
    at_ += align(size, sizeof(__u64));
    return static_cast<std::uint32_t>(begin);
  }

  static std::uint32_t align(std::uint64_t size, std::uint64_t to) {
    return static_cast<std::uint32_t>((size + to - 1) / to * to);
  }

  const plan::Plan& plan_;
  MemoryLayout layout_;
  std::uint64_t at_ = 0;
};

}  // namespace

MemoryLayout memory_layout(const plan::Plan& plan) { return Writer(plan).write(); }

// Each word is multiplied in, and what is above comes down: low bits depend on all of the key.
std::uint64_t hash_of_key(std::span<const std::uint64_t> key, std::uint64_t secret) {
  std::uint64_t hash = secret;
  for (const std::uint64_t word : key) {
    hash = (hash ^ word) * hash_factor;
    hash ^= hash >> 32;
  }
  return hash;
}

}  // namespace socktap::ebpf
