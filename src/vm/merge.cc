// Globals as they go to where events arise, and come from there: what they are once nobody writes
// them, and what was kept of others.
#include <algorithm>
#include <cassert>
#include <set>

#include "base/overloaded.h"
#include "vm/fault.h"
#include "vm/interpreter.h"

namespace socktap::vm {
namespace {

std::vector<const plan::Partial*> sorted(const plan::Partials& partials, auto time_of) {
  std::vector<const plan::Partial*> order;
  for (const plan::Partial& partial : partials)
    if (time_of(partial)) order.push_back(&partial);
  std::ranges::stable_sort(order, {},
                           [&time_of](const plan::Partial* partial) { return *time_of(*partial); });
  return order;
}

std::optional<std::uint64_t> first_time(const plan::Partial& partial) { return partial.first; }

// Of those whose order counts.
std::optional<std::uint64_t> last_time(const plan::Partial& partial) {
  const auto* last = std::get_if<plan::PartialLast>(&partial.content);
  return last ? std::optional(last->time) : std::nullopt;
}

std::int64_t wrapping_sum(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}

void merge_into(Statistic& statistic, const plan::PartialStatistic& part,
                const StatisticShape& shape) {
  [[maybe_unused]] const bool fits =
      statistic.merge({part.count, part.sum, part.min, part.max, part.buckets}, shape);
  assert(fits);
}

std::vector<plan::PartialValue> key_of(const Array& array, Array::Entry entry) {
  std::vector<plan::PartialValue> key;
  for (std::size_t column = 0; column < array.key_types().size(); ++column) {
    if (array.key_types()[column] == Type::string)
      key.emplace_back(std::string(array.key_text(entry, column)));
    else
      key.emplace_back(array.key_number(entry, column));
  }
  return key;
}

class Merger {
 public:
  Merger(const Code& code, Globals& globals, std::size_t max_text)
      : code_(code), globals_(globals), max_text_(max_text) {}

  // In the order of the first updates, which is that of the arrays' entries; last values once more
  // in their own.
  std::vector<const plan::Partial*> merge(const plan::Partials& partials) {
    for (const plan::Partial* partial : sorted(partials, first_time)) add(*partial);
    for (const plan::Partial* partial : sorted(partials, last_time))
      set(*partial, std::get<plan::PartialLast>(partial->content));
    return std::move(refused_);
  }

 private:
  const GlobalSlot& slot_of(const plan::Partial& partial) const {
    return code_.globals[partial.global];
  }

  void add(const plan::Partial& partial) {
    if (std::holds_alternative<plan::PartialRefusal>(partial.content)) return refuse(partial);
    if (slot_of(partial).declaration.is_array()) return add_to_element(partial);
    const std::uint32_t slot = slot_of(partial).slot;
    if (const auto* sum = std::get_if<plan::PartialSum>(&partial.content))
      globals_.numbers[slot] = wrapping_sum(globals_.numbers[slot], sum->sum);
    if (const auto* statistic = std::get_if<plan::PartialStatistic>(&partial.content))
      merge_into(globals_.statistics[slot], *statistic, globals_.shapes[slot]);
  }

  void add_to_element(const plan::Partial& partial) {
    Array& array = globals_.arrays[slot_of(partial).slot];
    const Array::Entry entry = array.find_or_insert(key_of(partial));
    if (entry == Array::none) return refuse(partial);
    if (const auto* sum = std::get_if<plan::PartialSum>(&partial.content))
      array.number(entry) = wrapping_sum(array.number(entry), sum->sum);
    if (const auto* statistic = std::get_if<plan::PartialStatistic>(&partial.content))
      merge_into(array.statistic(entry), *statistic, array.shape());
  }

  void set(const plan::Partial& partial, const plan::PartialLast& last) {
    const GlobalSlot& global = slot_of(partial);
    const auto* number = std::get_if<std::int64_t>(&last.value);
    const std::string_view text =
        number ? std::string_view() : cut(std::get<std::string>(last.value), max_text_);
    if (!global.declaration.is_array()) {
      if (number)
        globals_.numbers[global.slot] = *number;
      else
        globals_.texts[global.slot].assign(text);
      return;
    }
    Array& array = globals_.arrays[global.slot];
    const Array::Entry entry = array.find(key_of(partial));
    if (entry == Array::none) return;  // refused
    if (number)
      array.number(entry) = *number;
    else
      array.text(entry).assign(text);
  }

  // Valid until the next call.
  Array::Key key_of(const plan::Partial& partial) {
    key_.clear();
    for (const plan::PartialValue& value : partial.key) {
      if (const auto* number = std::get_if<std::int64_t>(&value))
        key_.push_back({.number = *number, .text = {}});
      else
        key_.push_back({.number = 0, .text = cut(std::get<std::string>(value), max_text_)});
    }
    return key_;
  }

  // Once a global.
  void refuse(const plan::Partial& partial) {
    if (full_.insert(partial.global).second) refused_.push_back(&partial);
  }

  const Code& code_;
  Globals& globals_;
  const std::size_t max_text_;
  std::vector<Argument> key_;
  std::set<std::uint32_t> full_;
  std::vector<const plan::Partial*> refused_;
};

}  // namespace

std::vector<RuntimeError> Interpreter::merge(const plan::Partials& partials) {
  std::vector<RuntimeError> errors;
  for (const plan::Partial* refused : Merger(code_, globals_, max_text_).merge(partials)) {
    const GlobalSlot& global = code_.globals[refused->global];
    const FaultSite site{0, FaultSite::Kind::identifier, global.declaration.name, refused->update};
    errors.push_back(
        {describe_fault(overflow_message(globals_.arrays[global.slot]), &site, sources_),
         refused->update});
  }
  return errors;
}

plan::SettledValues Interpreter::settled(const plan::Tables& tables) const {
  plan::SettledValues values;
  for (const std::uint32_t global : tables.constants)
    values.constants.push_back(globals_.numbers[code_.globals[global].slot]);
  for (const plan::KeySet& set : tables.sets) {
    const Array& array = globals_.arrays[code_.globals[set.global].slot];
    auto& keys = values.sets.emplace_back();
    for (Array::Entry entry = array.first(); entry != Array::none; entry = array.next(entry))
      keys.push_back(key_of(array, entry));
  }
  return values;
}

}  // namespace socktap::vm
