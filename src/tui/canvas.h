// A screen's worth of cells: what is painted, before a terminal shows it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace socktap::tui {

enum class Style : std::uint8_t { plain, dim, bold, heading, selected, good, warning };

struct Cell {
  char32_t character = U' ';
  Style style = Style::plain;
  bool operator==(const Cell&) const = default;
};

class Canvas {
 public:
  Canvas(unsigned width, unsigned height)
      : width_(width), height_(height), cells_(std::size_t{width} * height) {}

  unsigned width() const { return width_; }
  unsigned height() const { return height_; }
  const Cell& at(unsigned x, unsigned y) const { return cells_[std::size_t{y} * width_ + x]; }

  // Writes UTF-8 from x on, as far as there is room, and returns where it ended. Characters that
  // are none, or that would move a cursor, become '?'.
  unsigned write(unsigned x, unsigned y, std::string_view text, Style style = Style::plain);
  void fill(unsigned y, Style style);  // a whole line, whose characters stay

  // The lines as they look, without blanks at their ends; for tests and for who reads no styles.
  std::string text() const;

 private:
  unsigned width_, height_;
  std::vector<Cell> cells_;
};

// UTF-8 of a character.
void append_utf8(char32_t character, std::string& out);

}  // namespace socktap::tui
