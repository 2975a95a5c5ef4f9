// The strings of the language while handlers run.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace socktap::vm {

// What a string of the language keeps of these bytes: at most `limit` of them, and as in C none
// from a zero byte on.
inline std::string_view cut(std::string_view bytes, std::size_t limit) {
  bytes = bytes.substr(0, limit);
  return bytes.substr(0, bytes.find('\0'));
}

// A text register: either borrows bytes that stay in place while a handler runs (literals, the
// event's), or owns a copy whose memory is kept from use to use, so that hot handlers do not
// allocate.
class Text {
 public:
  // Valid until the register is written or moved.
  std::string_view view() const {
    return borrowed_ != nullptr ? std::string_view(borrowed_, size_) : std::string_view(own_);
  }

  void borrow(std::string_view bytes) {
    borrowed_ = bytes.data() != nullptr ? bytes.data() : "";
    size_ = bytes.size();
  }

  void copy(std::string_view bytes) {
    own_.assign(bytes);
    borrowed_ = nullptr;
  }

  void assign(const Text& other) {
    if (other.borrowed_ != nullptr) {
      borrow(other.view());
    } else {
      copy(other.own_);
    }
  }

  // Takes over `bytes`; leaves it the register's old memory.
  void swap_in(std::string& bytes) {
    own_.swap(bytes);
    borrowed_ = nullptr;
  }

  // *this = left . right, cut at `limit` bytes. Either side may be *this.
  void concatenate(const Text& left, const Text& right, std::size_t limit) {
    if (this == &left && borrowed_ == nullptr) {
      own_.append(right.view());
    } else if (this == &left || this == &right) {
      std::string joined;
      joined.reserve(left.view().size() + right.view().size());
      joined.append(left.view()).append(right.view());
      swap_in(joined);
    } else {
      own_.assign(left.view()).append(right.view());
      borrowed_ = nullptr;
    }
    if (own_.size() > limit) own_.resize(limit);
  }

 private:
  const char* borrowed_ = "";  // null: own_ counts
  std::size_t size_ = 0;
  std::string own_;
};

}  // namespace socktap::vm
