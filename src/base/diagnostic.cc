#include "base/diagnostic.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <numeric>
#include <utility>

namespace socktap {
namespace {

struct Style {
  std::string_view severity, bold, caret, off;
};

Style style_for(Severity severity, bool color) {
  if (!color) return {};
  return {severity == Severity::warning ? "\033[1;35m" : "\033[1;31m", "\033[1m", "\033[1;32m",
          "\033[0m"};
}

std::string_view title(Severity severity) {
  switch (severity) {
    case Severity::warning:
      return "WARNING";
    case Severity::parse_error:
      return "parse error";
    case Severity::semantic_error:
      return "semantic error";
  }
  return "error";
}

// Tabs become one blank in the source line, so that a column is a character and the caret fits.
std::string printable(std::string_view line) {
  std::string text(line);
  std::replace(text.begin(), text.end(), '\t', ' ');
  return text;
}

// Of a long line what is around the place: a script may be one line of a megabyte.
std::string_view excerpt(std::string_view line, std::size_t& column) {
  constexpr std::size_t widest = 160;
  constexpr std::size_t before = 60;
  if (line.size() <= widest) return line;
  const std::size_t first = column > before + 1 ? column - 1 - before : 0;
  column -= first;
  return line.substr(first, widest);
}

void render_place(std::string& out, Span span, const SourceMap& sources, const Style& style) {
  const LineColumn place = sources.locate(span.source, span.begin);
  std::size_t column = place.column;
  const std::string_view line = excerpt(sources.line(span.source, place.line), column);
  const std::size_t width = std::min<std::size_t>(span.end > span.begin ? span.end - span.begin : 1,
                                                  line.size() + 2 - column);
  fmt::format_to(std::back_inserter(out), "  --> {}\n{:>5} | {}\n      | {:{}}{}^{:~<{}}{}\n",
                 sources.describe(span), place.line, printable(line), "", column - 1, style.caret,
                 "", width > 0 ? width - 1 : 0, style.off);
}

constexpr std::size_t longest_word = 64;  // nobody mistypes a longer one

// Letters inserted, left out, replaced, or exchanged with their neighbour; exact below `bound`. Row
// by row over the candidate. A row that is nowhere below `bound` ends it: no later one is, since
// from one row to the next, and from the last but one, no path gets shorter.
std::size_t edit_distance(std::string_view word, std::string_view candidate, std::size_t bound) {
  using Row = std::array<std::size_t, longest_word + 1>;
  Row rows[3];
  Row *before_last = &rows[0], *last = &rows[1], *row = &rows[2];
  std::iota(row->begin(), row->begin() + word.size() + 1, 0);
  for (std::size_t i = 0; i < candidate.size(); ++i) {
    std::swap(before_last, last);
    std::swap(last, row);
    std::size_t least = (*row)[0] = i + 1;
    for (std::size_t j = 0; j < word.size(); ++j) {
      std::size_t& here = (*row)[j + 1];
      here = std::min(
          {(*last)[j] + (candidate[i] == word[j] ? 0 : 1), (*row)[j] + 1, (*last)[j + 1] + 1});
      if (i > 0 && j > 0 && candidate[i] == word[j - 1] && candidate[i - 1] == word[j])
        here = std::min(here, (*before_last)[j - 1] + 1);
      least = std::min(least, here);
    }
    if (least >= bound) return bound;
  }
  return (*row)[word.size()];
}

}  // namespace

Diagnostic& Diagnostics::add(Diagnostic diagnostic) {
  if (diagnostic.severity != Severity::warning) ++errors_;
  return all_.emplace_back(std::move(diagnostic));
}

void Diagnostics::append(Diagnostics other) {
  errors_ += other.errors_;
  std::move(other.all_.begin(), other.all_.end(), std::back_inserter(all_));
}

std::string render(const Diagnostic& diagnostic, const SourceMap& sources, bool color) {
  const Style style = style_for(diagnostic.severity, color);
  std::string out =
      fmt::format("{}{}:{} {}{}{} [{}]\n", style.severity, title(diagnostic.severity), style.off,
                  style.bold, diagnostic.message, style.off, diagnostic.name.text());
  render_place(out, diagnostic.span, sources, style);
  for (const DiagnosticNote& note : diagnostic.notes) {
    out += "note: " + note.message + "\n";
    if (note.span) render_place(out, *note.span, sources, style);
  }
  if (!diagnostic.hint.empty()) out += "hint: " + diagnostic.hint + "\n";
  return out;
}

std::optional<std::string_view> nearest(std::string_view word,
                                        const std::vector<std::string_view>& candidates) {
  if (word.size() > longest_word) return std::nullopt;
  std::optional<std::string_view> best;
  std::size_t best_distance = std::max<std::size_t>(word.size() / 3, 1) + 1;
  for (const std::string_view candidate : candidates) {
    const std::size_t longer = std::max(word.size(), candidate.size());
    if (longer - std::min(word.size(), candidate.size()) >= best_distance) continue;
    const std::size_t distance = edit_distance(word, candidate, best_distance);
    if (distance < best_distance) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

}  // namespace socktap
