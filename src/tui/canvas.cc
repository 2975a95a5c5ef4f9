#include "tui/canvas.h"

namespace socktap::tui {
namespace {

// The next character, taken from the front.
char32_t take_character(std::string_view& text) {
  const auto first = static_cast<unsigned char>(text[0]);
  const std::size_t length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  const bool is_whole = length <= text.size() && (first < 0x80 || first >= 0xc2) && first < 0xf5;
  if (!is_whole || (length == 1 && (first < 0x20 || first == 0x7f))) {
    text.remove_prefix(1);
    return U'?';
  }
  char32_t character = length == 1 ? first : first & (0xffU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xc0) != 0x80) {
      text.remove_prefix(i);
      return U'?';
    }
    character = character << 6 | (next & 0x3f);
  }
  text.remove_prefix(length);
  return character < 0xa0 && character >= 0x80 ? U'?' : character;  // C1 controls
}

}  // namespace

void append_utf8(char32_t character, std::string& out) {
  const auto put = [&out](char32_t byte) { out += static_cast<char>(byte); };
  if (character < 0x80) return put(character);
  if (character < 0x800) {
    put(0xc0 | character >> 6);
  } else if (character < 0x10000) {
    put(0xe0 | character >> 12);
    put(0x80 | (character >> 6 & 0x3f));
  } else {
    put(0xf0 | character >> 18);
    put(0x80 | (character >> 12 & 0x3f));
    put(0x80 | (character >> 6 & 0x3f));
  }
  put(0x80 | (character & 0x3f));
}

unsigned Canvas::write(unsigned x, unsigned y, std::string_view text, Style style) {
  if (y >= height_) return x;
  while (!text.empty() && x < width_)
    cells_[std::size_t{y} * width_ + x++] = {take_character(text), style};
  return x;
}

void Canvas::fill(unsigned y, Style style) {
  if (y >= height_) return;
  for (unsigned x = 0; x < width_; ++x) cells_[std::size_t{y} * width_ + x].style = style;
}

std::string Canvas::text() const {
  std::string all;
  for (unsigned y = 0; y < height_; ++y) {
    std::string line;
    for (unsigned x = 0; x < width_; ++x) append_utf8(at(x, y).character, line);
    line.erase(line.find_last_not_of(' ') + 1);
    all += line + '\n';
  }
  return all;
}

}  // namespace socktap::tui
