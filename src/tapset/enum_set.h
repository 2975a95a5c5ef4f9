// A set of enumerators of E as a bit mask. Requires that they are numbered from 0 to at most 63.
#pragma once

#include <cstdint>
#include <initializer_list>

namespace socktap::tapset {

template <typename E>
class EnumSet {
 public:
  constexpr EnumSet() = default;
  constexpr EnumSet(std::initializer_list<E> members) {
    for (const E member : members) insert(member);
  }
  static constexpr EnumSet from_bits(std::uint64_t bits) {
    EnumSet set;
    set.bits_ = bits;
    return set;
  }

  constexpr void insert(E member) { bits_ |= bit(member); }
  constexpr bool contains(E member) const { return (bits_ & bit(member)) != 0; }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr std::uint64_t bits() const { return bits_; }
  constexpr EnumSet operator|(EnumSet other) const { return from_bits(bits_ | other.bits_); }
  constexpr EnumSet operator&(EnumSet other) const { return from_bits(bits_ & other.bits_); }
  constexpr EnumSet& operator|=(EnumSet other) { return *this = *this | other; }
  constexpr bool operator==(const EnumSet&) const = default;

 private:
  static constexpr std::uint64_t bit(E member) {
    return std::uint64_t{1} << static_cast<unsigned>(member);
  }
  std::uint64_t bits_ = 0;
};

}  // namespace socktap::tapset
