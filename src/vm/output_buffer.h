// What a print statement writes, on its way out. A print writes behind a place that it keeps to
// itself, so that a piece costs no more than its bytes; the memory is kept from print to print.
#pragma once

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>

namespace socktap::vm {

class OutputBuffer {
 public:
  std::string_view view() const { return {bytes_.get(), size_}; }
  bool empty() const { return size_ == 0; }
  void clear() { size_ = 0; }

  // Where what is there ends. So many bytes may be written from there on; they are there once
  // end_at() has said where they end.
  char* room(std::size_t bytes) {
    if (capacity_ - size_ < bytes) grow(bytes);
    return bytes_.get() + size_;
  }
  void end_at(const char* end) { size_ = static_cast<std::size_t>(end - bytes_.get()); }

 private:
  [[gnu::noinline]] void grow(std::size_t bytes) {
    const std::size_t capacity = std::max(size_ + bytes, std::max<std::size_t>(2 * capacity_, 256));
    auto larger = std::make_unique_for_overwrite<char[]>(capacity);
    if (size_ > 0) std::memcpy(larger.get(), bytes_.get(), size_);
    bytes_ = std::move(larger);
    capacity_ = capacity;
  }

  std::unique_ptr<char[]> bytes_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

// Copies the first `part` bytes and the last, which may overlap.
template <std::size_t part>
inline void copy_ends(const char* from, std::size_t size, char* to) {
  char first[part], last[part];
  std::memcpy(first, from, part);
  std::memcpy(last, from + size - part, part);
  std::memcpy(to, first, part);
  std::memcpy(to + size - part, last, part);
}

// Each of these writes at `to`, where there must be room, and returns where it ended. Nearly all
// texts are so short that a call would cost more than they do, the script's own mostly one byte.
inline char* put(std::string_view text, char* to) {
  const std::size_t size = text.size();
  if (size < 4) {
    if (size > 0) to[0] = text[0];
    if (size > 1) copy_ends<1>(text.data() + 1, size - 1, to + 1);
  } else if (size < 8) {
    copy_ends<4>(text.data(), size, to);
  } else if (size <= 16) {
    copy_ends<8>(text.data(), size, to);
  } else {
    std::memcpy(to, text.data(), size);
  }
  return to + size;
}

inline constexpr std::size_t longest_number = 20;  // in characters, with its sign

// Many numbers have one digit (families, protocols, states), and nearly all 32 bits, which are
// divided sooner.
inline char* put(std::int64_t number, char* to) {
  if (number >= 0 && number < 10) {
    *to = static_cast<char>('0' + number);
    return to + 1;
  }
  char* const end = to + longest_number;
  const auto low = static_cast<std::uint32_t>(number);
  return number == low ? std::to_chars(to, end, low).ptr : std::to_chars(to, end, number).ptr;
}

}  // namespace socktap::vm
