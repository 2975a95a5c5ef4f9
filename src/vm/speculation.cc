#include "vm/speculation.h"

namespace socktap::vm {

void Speculations::add(std::int64_t number, std::string_view text, std::size_t capacity) {
  while (!texts_.empty() && texts_.size() >= capacity) drop_oldest();
  texts_.push_back({number, std::string(text)});
  by_number_[number].push_back(std::prev(texts_.end()));
}

std::string Speculations::take(std::int64_t number) {
  std::string whole;
  const auto found = by_number_.find(number);
  if (found == by_number_.end()) return whole;
  for (const Texts::iterator text : found->second) {
    whole += text->text;
    texts_.erase(text);
  }
  by_number_.erase(found);
  return whole;
}

void Speculations::drop_oldest() {
  const auto found = by_number_.find(texts_.front().number);
  found->second.pop_front();  // it is the oldest of its number, too
  if (found->second.empty()) by_number_.erase(found);
  texts_.pop_front();
}

}  // namespace socktap::vm
