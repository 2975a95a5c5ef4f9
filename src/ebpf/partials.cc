#include "ebpf/partials.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "event/event.h"
#include "language/histogram.h"
#include "tapset/number_names.h"

namespace socktap::ebpf {
namespace {

using plan::Cell;
using plan::Kept;
using plan::Partial;

template <typename T>
T load(const std::byte* from) {
  T value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

std::uint64_t thread_refused(const MemoryLayout& layout, std::span<const std::byte> memory,
                             std::uint32_t array) {
  return load<std::uint64_t>(&memory[layout.thread_refused + array * sizeof(__u64)]);
}

class Reader {
 public:
  Reader(const plan::Plan& plan, const MemoryLayout& layout, std::span<const std::byte> memory,
         std::byte* copy, plan::Partials& partials)
      : plan_(plan), layout_(layout), memory_(memory), copy_(copy), partials_(partials) {}

  void take_all() {
    for (std::size_t i = 0; i < layout_.tables.size(); ++i)
      take(plan_.tables.tables[i], layout_.tables[i], static_cast<std::uint32_t>(i));
    for (std::uint32_t i = 0; i < plan_.tables.thread_arrays.size(); ++i)
      note_thread_refused(plan_.tables.thread_arrays[i], thread_refused(layout_, memory_, i));
  }

 private:
  void take(const plan::Table& table, const TableLayout& layout, std::uint32_t index) {
    auto used = load<std::uint64_t>(copy_ + layout.used);
    if (table.key.empty()) used = 1;
    for (std::uint64_t i = 0; i < used; ++i)
      take_entry(table, layout, index, copy_ + layout.entries + i * layout.entry_size);
    if (used == 0) return;
    note_refused(table, index, load<std::uint64_t>(copy_ + layout.refused));
    std::memset(copy_ + layout.entries, 0, used * layout.entry_size);
    std::memset(copy_ + layout.index, 0, layout.index_size);
    std::memset(copy_ + layout.used, 0, sizeof(__u64));
    std::memset(copy_ + layout.refused, 0, sizeof(__u64));
  }

  void take_entry(const plan::Table& table, const TableLayout& layout, std::uint32_t index,
                  const std::byte* entry) {
    for (std::size_t i = 0; i < table.cells.size(); ++i) {
      const std::byte* cell = entry + layout.cells[i];
      const auto first = load<std::uint64_t>(cell);
      if (first == 0) continue;
      Partial partial = empty_partial(table, index, i);
      for (std::size_t column = 0; column < table.key.size(); ++column)
        partial.key.push_back(value_of(table.key[column], entry + layout.columns[column]));
      partial.first = first;
      read_content(table.cells[i], cell, partial);
      partials_.push_back(std::move(partial));
    }
  }

  void note_refused(const plan::Table& table, std::uint32_t index, std::uint64_t refused) {
    if (refused == 0) return;
    Partial partial = empty_partial(table, index, 0);
    partial.content = plan::PartialRefusal{refused};
    partials_.push_back(std::move(partial));
  }

  void note_thread_refused(const plan::ThreadArray& array, std::uint64_t refused) {
    if (refused == 0) return;
    partials_.push_back({.global = array.global,
                         .update = array.first_update,
                         .content = plan::PartialRefusal{refused}});
  }

  Partial empty_partial(const plan::Table& table, std::uint32_t index, std::size_t cell) const {
    const auto made = std::ranges::find_if(plan_.tables.updates, [&](const plan::Update& update) {
      return update.table == index && update.cell == cell;
    });
    return {.global = table.cells[cell].global, .update = made->statement->span};
  }

  void read_content(const Cell& cell, const std::byte* from, Partial& partial) const {
    switch (cell.kind) {
      case Cell::Kind::sum:
        partial.content = plan::PartialSum{load<socktap_kept_sum>(from).sum};
        break;
      case Cell::Kind::statistic:
        partial.content = statistic(cell, from);
        break;
      case Cell::Kind::last:
        partial.content = plan::PartialLast{value_of(cell.value, from + sizeof(socktap_kept_last)),
                                            load<socktap_kept_last>(from).time};
        break;
    }
  }

  plan::PartialStatistic statistic(const Cell& cell, const std::byte* from) const {
    const auto kept = load<socktap_kept_statistic>(from);
    plan::PartialStatistic partial{kept.count, kept.sum, kept.min, kept.max, {}};
    const std::size_t buckets =
        language::bucket_count(plan_.program->globals[cell.global].histogram);
    for (std::size_t i = 0; i < buckets; ++i)
      partial.buckets.push_back(load<std::uint64_t>(from + sizeof kept + i * sizeof(__u64)));
    return partial;
  }

  plan::PartialValue value_of(const Kept& kept, const std::byte* from) const {
    switch (kept.as) {
      case Kept::As::number:
        return load<std::int64_t>(from);
      case Kept::As::known_text:
        return plan_.tables.texts[load<std::uint64_t>(from)];
      case Kept::As::made_text:
        return tapset::number_name_of(*kept.function)(load<std::int64_t>(from));
      case Kept::As::field_text:
        break;
    }
    const std::string_view text(reinterpret_cast<const char*>(from), SOCKTAP_COMM_LENGTH);
    return std::string(text.substr(0, text.find('\0')));
  }

  const plan::Plan& plan_;
  const MemoryLayout& layout_;
  const std::span<const std::byte> memory_;
  std::byte* const copy_;
  plan::Partials& partials_;
};

}  // namespace

void take_partials(const plan::Plan& plan, const MemoryLayout& layout, std::span<std::byte> memory,
                   unsigned copy, plan::Partials& partials) {
  std::byte* const begin = memory.data() + layout.copies + std::size_t{copy} * layout.copy_size;
  Reader(plan, layout, memory, begin, partials).take_all();
}

bool has_refused(const MemoryLayout& layout, std::span<const std::byte> memory, unsigned copy) {
  const std::byte* begin = memory.data() + layout.copies + std::size_t{copy} * layout.copy_size;
  const bool table_has = std::ranges::any_of(layout.tables, [begin](const TableLayout& table) {
    return load<std::uint64_t>(begin + table.refused) != 0;
  });
  bool thread_has = false;
  for (std::uint32_t i = 0; i < layout.thread_arrays; ++i)
    thread_has = thread_has || thread_refused(layout, memory, i) != 0;
  return table_has || thread_has;
}

}  // namespace socktap::ebpf
