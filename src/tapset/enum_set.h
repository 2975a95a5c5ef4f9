// A set of enumerators of E as a bit mask. Requires that they are numbered from 0 to `size` - 1.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>

namespace socktap::tapset {

template <typename E, std::size_t size = 64>
class EnumSet {
 public:
  constexpr EnumSet() = default;
  constexpr EnumSet(std::initializer_list<E> members) {
    for (const E member : members) insert(member);
  }
  static constexpr EnumSet all() {
    EnumSet set;
    for (std::uint64_t& word : set.words_) word = ~std::uint64_t{0};
    return set;
  }

  constexpr void insert(E member) { word(*this, member) |= bit(member); }
  constexpr void remove(E member) { word(*this, member) &= ~bit(member); }
  constexpr bool contains(E member) const { return (word(*this, member) & bit(member)) != 0; }
  constexpr bool empty() const { return *this == EnumSet(); }
  constexpr std::uint64_t bits() const requires(size <= 64) { return words_[0]; }
  constexpr EnumSet operator|(const EnumSet& other) const { return EnumSet(*this) |= other; }
  constexpr EnumSet operator&(const EnumSet& other) const { return EnumSet(*this) &= other; }
  constexpr EnumSet& operator|=(const EnumSet& other) {
    for (std::size_t i = 0; i < words_.size(); ++i) words_[i] |= other.words_[i];
    return *this;
  }
  constexpr EnumSet& operator&=(const EnumSet& other) {
    for (std::size_t i = 0; i < words_.size(); ++i) words_[i] &= other.words_[i];
    return *this;
  }
  constexpr bool operator==(const EnumSet&) const = default;

 private:
  static constexpr auto& word(auto& set, E member) {
    return set.words_[static_cast<std::size_t>(member) / 64];
  }
  static constexpr std::uint64_t bit(E member) {
    return std::uint64_t{1} << static_cast<std::size_t>(member) % 64;
  }
  std::array<std::uint64_t, (size + 63) / 64> words_{};
};

}  // namespace socktap::tapset
