// Instructions on arrays and statistics, and foreach.
#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "vm/array_order.h"
#include "vm/interpreter.h"

namespace socktap::vm {
namespace {

bool has_wildcard(const OperandList& keys) {
  return std::any_of(keys.begin(), keys.end(),
                     [](Operand key) { return key.kind == Operand::Kind::any; });
}

}  // namespace

void Interpreter::array_get_number(const Instruction& instruction) {
  const Array& array = globals_.arrays[instruction.b];
  const Array::Entry entry = array.find(gather(instruction.c));
  numbers()[instruction.a] = entry == Array::none ? 0 : array.number(entry);
}

void Interpreter::array_get_text(const Instruction& instruction) {
  const Array& array = globals_.arrays[instruction.b];
  const Array::Entry entry = array.find(gather(instruction.c));
  Text& to = texts()[instruction.a];
  if (entry == Array::none) {
    to.borrow({});
  } else {
    to.copy(array.text(entry));
  }
}

std::string overflow_message(const Array& array) {
  const auto size = array.declared_size();
  return size ? fmt::format("Array overflow, check size limit ({})", *size)
              : "Array overflow, check MAXMAPENTRIES";
}

bool Interpreter::overflow(const Array& array) { return fault(overflow_message(array)); }

bool Interpreter::array_set_number(const Instruction& instruction) {
  Array& array = globals_.arrays[instruction.a];
  const Array::Entry entry = array.find_or_insert(gather(instruction.b));
  if (entry == Array::none) return overflow(array);
  array.number(entry) = numbers()[instruction.c];
  return true;
}

bool Interpreter::array_set_text(const Instruction& instruction) {
  Array& array = globals_.arrays[instruction.a];
  const Array::Entry entry = array.find_or_insert(gather(instruction.b));
  if (entry == Array::none) return overflow(array);
  array.text(entry).assign(texts()[instruction.c].view());
  return true;
}

bool Interpreter::array_add_number(const Instruction& instruction) {
  Array& array = globals_.arrays[instruction.a];
  const Array::Entry entry = array.find_or_insert(gather(instruction.b));
  if (entry == Array::none) return overflow(array);
  std::int64_t& value = numbers()[instruction.c];
  value = static_cast<std::int64_t>(static_cast<std::uint64_t>(array.number(entry)) +
                                    static_cast<std::uint64_t>(value));
  array.number(entry) = value;
  return true;
}

bool Interpreter::array_stat_add(const Instruction& instruction) {
  Array& array = globals_.arrays[instruction.a];
  const Array::Entry entry = array.find_or_insert(gather(instruction.b));
  if (entry == Array::none) return overflow(array);
  array.statistic(entry).add(numbers()[instruction.c], array.shape());
  return true;
}

bool Interpreter::array_contains(const Instruction& instruction) {
  const Array& array = globals_.arrays[instruction.b];
  std::int64_t& result = numbers()[instruction.a];
  if (!has_wildcard(code_.lists[instruction.c])) {
    result = array.find(gather(instruction.c)) != Array::none;
    return true;
  }
  const Slice slice = gather_slice(instruction.c);
  std::size_t visited = 0;
  auto entry = array.first();
  for (; entry != Array::none; entry = array.next(entry)) {
    ++visited;
    if (matches(array, entry, slice)) break;
  }
  if (!charge_visits(visited)) return false;
  result = entry != Array::none;
  return true;
}

bool Interpreter::array_delete(const Instruction& instruction) {
  Array& array = globals_.arrays[instruction.a];
  if (!has_wildcard(code_.lists[instruction.b])) {
    const Array::Entry entry = array.find(gather(instruction.b));
    if (entry != Array::none) array.erase(entry);
    return true;
  }
  if (!charge_visits(array.size())) return false;
  const Slice slice = gather_slice(instruction.b);
  for (auto entry = array.first(); entry != Array::none;) {
    const auto following = array.next(entry);
    if (matches(array, entry, slice)) array.erase(entry);
    entry = following;
  }
  return true;
}

bool Interpreter::array_clear(const Instruction& instruction) {
  Array& array = globals_.arrays[instruction.a];
  if (!charge_visits(array.size())) return false;
  array.clear();
  return true;
}

const Statistic* Interpreter::find_statistic(const StatisticPlace& place) {
  if (!place.element) return &globals_.statistics[place.slot];
  const Array& array = globals_.arrays[place.slot];
  const Array::Entry entry = array.find(gather(place.keys));
  return entry == Array::none ? nullptr : &array.statistic(entry);
}

const StatisticShape& Interpreter::shape_of(const StatisticPlace& place) const {
  return place.element ? globals_.arrays[place.slot].shape() : globals_.shapes[place.slot];
}

bool Interpreter::extract_statistic(const ExtractSite& site, std::int64_t& result) {
  using language::StatFunction;
  const Statistic* statistic = find_statistic(site.place);
  if (statistic == nullptr || statistic->empty()) {
    const bool is_total =
        site.function == StatFunction::count || site.function == StatFunction::sum;
    if (!is_total) return fault("empty aggregate");
    result = 0;
    return true;
  }
  result = extract(*statistic, site.function, shape_of(site.place));
  return true;
}

bool Interpreter::bucket(const BucketSite& site, std::int64_t& result) {
  const Statistic* statistic = find_statistic(site.place);
  if (statistic == nullptr || statistic->empty()) return fault("empty aggregate");
  const auto index = static_cast<std::uint64_t>(numbers()[site.index]);
  if (index >= bucket_count(shape_of(site.place).histogram)) {
    return fault("histogram index out of range");
  }
  result = static_cast<std::int64_t>(statistic->bucket(index));
  return true;
}

bool Interpreter::foreach_begin(const Instruction& instruction) {
  const ForeachSite& site = code_.foreach_sites[instruction.b];
  std::optional<std::int64_t> limit;
  if (site.limit) limit = numbers()[*site.limit];
  if (site.histogram) {
    const Statistic* statistic = find_statistic(*site.histogram);
    const bool empty = statistic == nullptr || statistic->empty();
    const std::vector<std::uint64_t> none(empty ? bucket_count(shape_of(*site.histogram).histogram)
                                                : 0);
    iteration(instruction.a)
        .begin(empty ? none : statistic->buckets(),
               limit.value_or(std::numeric_limits<std::int64_t>::max()));
  } else {
    Array& array = globals_.arrays[site.array];
    if (site.sort_by != ForeachSite::SortBy::nothing && !charge_sort(array.size())) return false;
    const Slice slice = site.slice ? gather_slice(*site.slice) : Slice{};
    const std::size_t visits = iteration(instruction.a).begin(array, site, slice, limit);
    if (!charge_visits(visits)) return false;
  }
  return true;
}

bool Interpreter::foreach_next(const Instruction& instruction) {
  const ForeachSite& site = code_.foreach_sites[instruction.b];
  Iteration& run = iteration(instruction.a);
  std::int64_t* number_registers = numbers();
  Text* text_registers = texts();
  if (site.histogram) {
    const auto bucket = run.next_bucket();
    if (!bucket) return false;
    if (!site.keys.empty()) number_registers[site.keys.front().index] = bucket->number;
    if (site.value) number_registers[site.value->index] = bucket->count;
    return true;
  }
  const Array& array = globals_.arrays[site.array];
  const Array::Entry entry = run.next(array);
  if (entry == Array::none) return false;
  for (std::size_t i = 0; i < site.keys.size(); ++i) {
    if (site.keys[i].kind == Operand::Kind::text) {
      text_registers[site.keys[i].index].copy(array.key_text(entry, i));
    } else {
      number_registers[site.keys[i].index] = array.key_number(entry, i);
    }
  }
  if (site.value) {
    if (site.value->kind == Operand::Kind::text) {
      text_registers[site.value->index].copy(array.text(entry));
    } else {
      number_registers[site.value->index] = array.number(entry);
    }
  }
  return true;
}

}  // namespace socktap::vm
