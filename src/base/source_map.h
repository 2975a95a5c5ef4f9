// The texts a run is made of (script file, -e text, expanded macros), and places in them.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace socktap {

// A half-open byte range [begin, end) of one text of a SourceMap.
struct Span {
  std::uint32_t source = 0;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  bool operator==(const Span&) const = default;
};

// The smallest span that covers both; `a`'s when they lie in different texts.
Span cover(Span a, Span b);

// A place as people read it; both count from 1, columns in bytes.
struct LineColumn {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
};

// Owns the texts. Texts are only ever added, and the views it hands out live as long as it does.
class SourceMap {
 public:
  // `name` is what diagnostics print: a path, "<input>" for -e, "<macro NAME>".
  std::uint32_t add(std::string name, std::string text);

  std::string_view name(std::uint32_t source) const { return sources_[source].name; }
  std::string_view text(std::uint32_t source) const { return sources_[source].text; }
  std::string_view text(Span span) const;
  std::size_t size() const { return sources_.size(); }

  LineColumn locate(std::uint32_t source, std::uint32_t offset) const;
  std::string_view line(std::uint32_t source, std::uint32_t line) const;  // without its newline
  std::string describe(Span span) const;                                  // "file.stp:3:14"

 private:
  struct Source {
    std::string name;
    std::string text;
    std::vector<std::uint32_t> line_starts;
  };
  std::deque<Source> sources_;  // a deque: views into it stay valid while it grows
};

}  // namespace socktap
