// Output that is kept until the script knows whether it is wanted: speculate(), commit(),
// discard().
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

namespace socktap::vm {

// Texts by the number of their speculation, each in the order it came. Of all, `capacity` are kept:
// the oldest give way.
class Speculations {
 public:
  std::int64_t begin() { return ++last_; }  // a number that nobody has
  void add(std::int64_t number, std::string_view text, std::size_t capacity);
  std::string take(std::int64_t number);  // its texts as one; they are gone then

 private:
  struct Text {
    std::int64_t number;
    std::string text;
  };
  using Texts = std::list<Text>;  // in the order they came

  void drop_oldest();

  std::int64_t last_ = 0;
  Texts texts_;
  std::unordered_map<std::int64_t, std::deque<Texts::iterator>> by_number_;
};

}  // namespace socktap::vm
