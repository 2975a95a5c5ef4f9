#include "ebpf/script_memory.h"

#include <algorithm>
#include <bit>

#include "event/event.h"
#include "language/histogram.h"
#include "plan/kernel_expression.h"

namespace socktap::ebpf {

std::uint32_t size_of(const plan::Kept& kept) {
  return kept.as == plan::Kept::As::field_text ? SOCKTAP_COMM_LENGTH : sizeof(__u64);
}

std::uint32_t size_of(std::span<const plan::Kept> key) {
  std::uint32_t size = 0;
  for (const plan::Kept& column : key) size += size_of(column);
  return size;
}

namespace {

constexpr std::uint32_t slots_an_entry = 4;  // so that keys rarely meet

std::uint32_t cell_size(const plan::Cell& cell, const language::TypedProgram& program) {
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
    const std::uint64_t copy_size = align(at_, 64);
    layout_.copy_size = static_cast<std::uint32_t>(copy_size);
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
    layout_.waiting = take(plan::most_values_at_once * sizeof(__u64));
    layout_.thread_key = take(longest_key(plan_.tables.thread_arrays));
    layout_.thread_value = take(sizeof(__u64));
    layout_.thread_arrays = static_cast<std::uint32_t>(plan_.tables.thread_arrays.size());
    layout_.thread_refused = take(layout_.thread_arrays * sizeof(__u64));
    for (const plan::KeySet& set : plan_.tables.sets)
      layout_.sets.push_back(layout_of({.key = set.key, .cells = {}, .capacity = set.capacity}));
    const std::uint64_t copies = align(at_, 64);
    layout_.copies = static_cast<std::uint32_t>(copies);
    layout_.size = copies + 2 * copy_size;
    return std::move(layout_);
  }

 private:
  template <typename Keyed>
  static std::uint32_t longest_key(const std::vector<Keyed>& all) {
    std::uint32_t longest = 0;
    for (const Keyed& keyed : all) longest = std::max(longest, size_of(keyed.key));
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
      layout.entry_size += cell_size(cell, *plan_.program);
    }
    layout.used = take(sizeof(__u64));
    layout.refused = take(sizeof(__u64));
    const std::uint64_t slots =
        table.key.empty() ? 0 : std::bit_ceil(std::uint64_t{table.capacity} * slots_an_entry);
    layout.slots = static_cast<std::uint32_t>(slots);
    layout.index_size = static_cast<std::uint32_t>(slots * sizeof(__u32));
    layout.index = take(slots * sizeof(__u32));
    layout.entries = take(std::size_t{table.capacity} * layout.entry_size);
    return layout;
  }

  std::uint32_t take(std::size_t size) {
    const std::uint64_t begin = at_;
    at_ += align(size, sizeof(__u64));
    return static_cast<std::uint32_t>(begin);
  }

  static std::uint64_t align(std::uint64_t size, std::uint64_t to) {
    return (size + to - 1) / to * to;
  }

  const plan::Plan& plan_;
  MemoryLayout layout_;
  std::uint64_t at_ = 0;
};

}  // namespace

MemoryLayout memory_layout(const plan::Plan& plan) { return Writer(plan).write(); }

// The numbers of splitmix64, which differ in all bits; odd, so that no bit of a word is lost.
std::uint64_t hash_factor(std::uint64_t secret, std::size_t word) {
  std::uint64_t factor = secret + (word + 1) * 0x9e37'79b9'7f4a'7c15;
  factor = (factor ^ factor >> 30) * 0xbf58'476d'1ce4'e5b9;
  factor = (factor ^ factor >> 27) * 0x94d0'49bb'1331'11eb;
  return (factor ^ factor >> 31) | 1;
}

std::uint32_t slot_shift(std::uint32_t slots) {
  return 64 - static_cast<std::uint32_t>(std::countr_zero(slots));
}

std::uint32_t slot_of_key(std::span<const std::uint64_t> key, std::uint64_t secret,
                          std::uint32_t slots) {
  std::uint64_t sum = 0;
  for (std::size_t word = 0; word < key.size(); ++word)
    sum += key[word] * hash_factor(secret, word);
  return static_cast<std::uint32_t>(sum >> slot_shift(slots));
}

}  // namespace socktap::ebpf
