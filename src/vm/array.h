// A global array: tuples of up to nine numbers and strings to numbers, strings or statistics, in
// the order of insertion until a sort puts them in another.
//
// Entries are numbers into columns: keys and values of one kind lie side by side, an entry that is
// erased leaves its place and its memory to the next one. An entry's number stays the same until it
// is erased.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "language/typed_program.h"
#include "vm/argument.h"
#include "vm/array_index.h"
#include "vm/statistic.h"

namespace socktap::vm {

class Array {
 public:
  using Entry = std::uint32_t;
  using Key = std::span<const Argument>;  // one for each key column
  static constexpr Entry none = ArrayIndex::none;

  // `max_entries`: of an array that declares no size. `secret`: a random number, which hashes
  // depend on and nothing else does.
  Array(const language::Global& declaration, std::int64_t max_entries, std::uint64_t secret);

  std::size_t size() const { return size_; }
  std::optional<std::int64_t> declared_size() const { return declared_size_; }
  const std::vector<Type>& key_types() const { return key_types_; }
  Type value_type() const { return value_type_; }
  const StatisticShape& shape() const { return shape_; }

  Entry find(Key key) const;
  // The key's entry, a new one with 0, "" or an empty statistic if there was none. A full array
  // that wraps gives up its first entry for it; another one has no room: none.
  Entry find_or_insert(Key key);
  void erase(Entry entry);
  void clear();

  std::int64_t& number(Entry entry) { return numbers_[entry]; }
  std::string& text(Entry entry) { return texts_[entry]; }
  Statistic& statistic(Entry entry) { return statistics_[entry]; }
  std::int64_t number(Entry entry) const { return numbers_[entry]; }
  const std::string& text(Entry entry) const { return texts_[entry]; }
  const Statistic& statistic(Entry entry) const { return statistics_[entry]; }

  std::int64_t key_number(Entry entry, std::size_t column) const {
    return number_keys_[entry * number_columns_ + places_[column]];
  }
  std::string_view key_text(Entry entry, std::size_t column) const {
    return text_keys_[entry * text_columns_ + places_[column]];
  }

  // Iteration: for (e = first(); e != none; e = next(e)).
  Entry first() const { return first_; }
  Entry next(Entry entry) const { return links_[entry].next; }

  // Puts the entries in this order: all of them, each once.
  void reorder(std::span<const Entry> order);

 private:
  // Padded so that following a link takes a shift: a long foreach is little else.
  struct alignas(16) Link {
    Entry previous = none, next = none;
    std::uint32_t hash = 0;
  };

  std::uint32_t hash_of(Key key) const;
  bool same_key(Entry entry, Key key) const;
  Entry take_place();
  void store_key(Entry entry, Key key);
  void reset_value(Entry entry);
  void append(Entry entry);
  void unlink(Entry entry);

  std::vector<Type> key_types_;
  std::vector<std::uint32_t> places_;  // of each key column among those of its kind
  std::size_t number_columns_ = 0;
  std::size_t text_columns_ = 0;
  Type value_type_;
  StatisticShape shape_;
  std::optional<std::int64_t> declared_size_;
  std::size_t max_entries_;
  bool wraps_;
  std::uint64_t secret_;

  ArrayIndex index_;
  std::vector<Link> links_;
  std::vector<std::int64_t> number_keys_;
  std::vector<std::string> text_keys_;
  std::vector<std::int64_t> numbers_;  // of the values one kind only is used
  std::vector<std::string> texts_;
  std::vector<Statistic> statistics_;

  std::vector<Entry> free_;
  Entry first_ = none;
  Entry last_ = none;
  std::size_t size_ = 0;
};

}  // namespace socktap::vm
