#include "ebpf/settled_values.h"

#include <algorithm>
#include <cstring>
#include <optional>

#include "event/event.h"

namespace socktap::ebpf {
namespace {

using plan::Kept;
using Words = std::vector<std::uint64_t>;

// False: no event has it.
bool append(const plan::Tables& tables, const Kept& kept, const plan::PartialValue& value,
            Words& words) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    words.push_back(static_cast<std::uint64_t>(*number));
    return true;
  }
  const auto& text = std::get<std::string>(value);
  if (kept.as == Kept::As::known_text) {
    const auto found = std::ranges::find(tables.texts, text);
    words.push_back(static_cast<std::uint64_t>(found - tables.texts.begin()));
    return found != tables.texts.end();
  }
  if (text.size() > SOCKTAP_COMM_LENGTH) return false;
  std::uint64_t bytes[SOCKTAP_COMM_LENGTH / sizeof(std::uint64_t)] = {};
  std::memcpy(bytes, text.data(), text.size());
  words.insert(words.end(), std::begin(bytes), std::end(bytes));
  return true;
}

std::optional<Words> words_of(const plan::Tables& tables, const plan::KeySet& set,
                              const std::vector<plan::PartialValue>& key) {
  Words words;
  for (std::size_t i = 0; i < key.size(); ++i)
    if (!append(tables, set.key[i], key[i], words)) return std::nullopt;
  return words;
}

// As the search that KeyCompiler compiles expects it.
void insert(const TableLayout& layout, const Words& key, std::uint32_t number, std::uint64_t secret,
            std::byte* memory) {
  std::uint32_t slot = slot_of_key(key, secret, layout.slots);
  for (std::uint32_t tried = 0; tried < std::min(most_probes, layout.slots); ++tried, ++slot) {
    std::byte* at = memory + layout.index + (slot & (layout.slots - 1)) * sizeof(__u32);
    __u32 taken = 0;
    std::memcpy(&taken, at, sizeof taken);
    if (taken != 0) continue;
    taken = number + 1;
    std::memcpy(at, &taken, sizeof taken);
    std::memcpy(memory + layout.entries + std::size_t{number} * layout.entry_size, key.data(),
                layout.key_size);
    return;
  }
}

}  // namespace

void write_settled(const plan::Plan& plan, const MemoryLayout& layout,
                   const plan::SettledValues& values, std::uint64_t secret,
                   std::span<std::byte> memory) {
  for (std::size_t i = 0; i < values.constants.size(); ++i)
    std::memcpy(&memory[layout.constants + i * sizeof(__u64)], &values.constants[i], sizeof(__u64));
  for (std::size_t i = 0; i < values.sets.size(); ++i) {
    const plan::KeySet& set = plan.tables.sets[i];
    std::uint32_t entries = 0;
    for (const std::vector<plan::PartialValue>& key : values.sets[i])
      if (const auto words = words_of(plan.tables, set, key); words && entries < set.capacity)
        insert(layout.sets[i], *words, entries++, secret, memory.data());
  }
}

}  // namespace socktap::ebpf
