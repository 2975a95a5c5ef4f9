// Texts that are parts between separators, and numbers in them.
#pragma once

#include <charconv>
#include <cstdint>
#include <string_view>
#include <vector>

namespace socktap {

// As many as there are separators, and one; views into the text.
inline std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

// The decimal number that a text begins with; 0 if it begins with none.
template <typename T = std::uint64_t>
T leading_number(std::string_view text) {
  T number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace socktap
