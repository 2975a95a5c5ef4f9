#include "vm/array.h"

#include <cstring>

#include "vm/int128.h"

namespace socktap::vm {
namespace {

// The hash so far and eight bytes more. The halves of a 64 x 64 bit product are folded: all bits of
// both factors reach all bits of the result. Names of processes are keys, and anybody may choose
// his: without knowing the secret nobody can choose keys that collide, nor find the word that would
// make a factor 0.
std::uint64_t mix(std::uint64_t hash, std::uint64_t word, std::uint64_t secret) {
  constexpr std::uint64_t odd = 0xd6e8'feb8'6659'fd93;
  const uint128 product = static_cast<uint128>(hash ^ odd) * (word ^ secret);
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

template <typename T>
std::uint64_t load_as(const char* bytes) {
  T number;
  std::memcpy(&number, bytes, sizeof number);
  return number;
}

// 1 to 7 bytes as one number, of each size another for all that they can hold. Some may be in it
// twice: no loop puts it together byte by byte.
std::uint64_t load_rest(const char* bytes, std::size_t size) {
  if (size >= 4)
    return load_as<std::uint32_t>(bytes) | load_as<std::uint32_t>(bytes + size - 4) << 32;
  return load_as<std::uint8_t>(bytes) | load_as<std::uint8_t>(bytes + size / 2) << 8 |
         load_as<std::uint8_t>(bytes + size - 1) << 16;
}

std::uint64_t mix_text(std::uint64_t hash, std::string_view text, std::uint64_t secret) {
  hash = mix(hash, text.size(), secret);
  const char* at = text.data();
  std::size_t left = text.size();
  for (; left >= 8; at += 8, left -= 8) hash = mix(hash, load_as<std::uint64_t>(at), secret);
  if (left > 0) hash = mix(hash, load_rest(at, left), secret);
  return hash;
}

}  // namespace

Array::Array(const language::Global& declaration, std::int64_t max_entries, std::uint64_t secret)
    : key_types_(declaration.keys),
      value_type_(declaration.type),
      shape_(shape_of(declaration)),
      declared_size_(declaration.max_entries),
      max_entries_(static_cast<std::size_t>(declared_size_.value_or(max_entries))),
      wraps_(declaration.wraps),
      secret_(secret) {
  for (const Type type : key_types_) {
    std::size_t& columns = type == Type::string ? text_columns_ : number_columns_;
    places_.push_back(static_cast<std::uint32_t>(columns++));
  }
}

Array::Entry Array::find(Key key) const {
  return index_.find(hash_of(key), [&](Entry entry) { return same_key(entry, key); });
}

Array::Entry Array::find_or_insert(Key key) {
  const std::uint32_t hash = hash_of(key);
  const Entry found = index_.find(hash, [&](Entry entry) { return same_key(entry, key); });
  if (found != none) return found;
  if (size_ >= max_entries_) {
    if (!wraps_ || first_ == none) return none;
    erase(first_);
  }
  const Entry entry = take_place();
  links_[entry].hash = hash;
  store_key(entry, key);
  reset_value(entry);
  append(entry);
  index_.insert(hash, entry);
  return entry;
}

void Array::erase(Entry entry) {
  index_.erase(links_[entry].hash, entry);
  unlink(entry);
  free_.push_back(entry);
}

void Array::clear() {
  // The index keeps the size that it once needed; a few entries are not worth sweeping all of it.
  const bool few = size_ * 8 < index_.slots();
  for (Entry entry = first_; entry != none; entry = links_[entry].next) {
    free_.push_back(entry);
    if (few) index_.erase(links_[entry].hash, entry);
  }
  if (!few) index_.clear();
  first_ = last_ = none;
  size_ = 0;
}

void Array::reorder(std::span<const Entry> order) {
  first_ = last_ = none;
  size_ = 0;
  for (const Entry entry : order) append(entry);
}

std::uint32_t Array::hash_of(Key key) const {
  std::uint64_t hash = 0;
  for (std::size_t i = 0; i < key_types_.size(); ++i) {
    hash = key_types_[i] == Type::string
               ? mix_text(hash, key[i].text, secret_)
               : mix(hash, static_cast<std::uint64_t>(key[i].number), secret_);
  }
  return static_cast<std::uint32_t>(hash ^ hash >> 32);
}

bool Array::same_key(Entry entry, Key key) const {
  for (std::size_t i = 0; i < key_types_.size(); ++i) {
    if (key_types_[i] == Type::string ? key_text(entry, i) != key[i].text
                                      : key_number(entry, i) != key[i].number) {
      return false;
    }
  }
  return true;
}

Array::Entry Array::take_place() {
  if (!free_.empty()) {
    const Entry entry = free_.back();
    free_.pop_back();
    return entry;
  }
  const std::size_t count = links_.size() + 1;
  links_.resize(count);
  number_keys_.resize(count * number_columns_);
  text_keys_.resize(count * text_columns_);
  switch (value_type_) {
    case Type::string:
      texts_.resize(count);
      break;
    case Type::stats:
      statistics_.resize(count);
      break;
    default:
      numbers_.resize(count);
  }
  return static_cast<Entry>(count - 1);
}

void Array::store_key(Entry entry, Key key) {
  for (std::size_t i = 0; i < key_types_.size(); ++i) {
    if (key_types_[i] == Type::string) {
      text_keys_[entry * text_columns_ + places_[i]].assign(key[i].text);
    } else {
      number_keys_[entry * number_columns_ + places_[i]] = key[i].number;
    }
  }
}

void Array::reset_value(Entry entry) {
  switch (value_type_) {
    case Type::string:
      texts_[entry].clear();
      break;
    case Type::stats:
      statistics_[entry].clear();
      break;
    default:
      numbers_[entry] = 0;
  }
}

void Array::append(Entry entry) {
  links_[entry].previous = last_;
  links_[entry].next = none;
  (last_ == none ? first_ : links_[last_].next) = entry;
  last_ = entry;
  ++size_;
}

void Array::unlink(Entry entry) {
  const Link& link = links_[entry];
  (link.previous == none ? first_ : links_[link.previous].next) = link.next;
  (link.next == none ? last_ : links_[link.next].previous) = link.previous;
  --size_;
}

}  // namespace socktap::vm
