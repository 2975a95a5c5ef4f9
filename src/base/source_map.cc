#include "base/source_map.h"

#include <algorithm>

namespace socktap {

Span cover(Span a, Span b) {
  if (a.source != b.source) return a;
  return {a.source, std::min(a.begin, b.begin), std::max(a.end, b.end)};
}

std::uint32_t SourceMap::add(std::string name, std::string text) {
  Source& source = sources_.emplace_back(Source{std::move(name), std::move(text), {0}});
  for (std::uint32_t i = 0; i < source.text.size(); ++i) {
    if (source.text[i] == '\n') source.line_starts.push_back(i + 1);
  }
  return static_cast<std::uint32_t>(sources_.size() - 1);
}

std::string_view SourceMap::text(Span span) const {
  return text(span.source).substr(span.begin, span.end - span.begin);
}

LineColumn SourceMap::locate(std::uint32_t source, std::uint32_t offset) const {
  const auto& starts = sources_[source].line_starts;
  const auto next = std::upper_bound(starts.begin(), starts.end(), offset);
  const auto line = static_cast<std::uint32_t>(next - starts.begin());
  return {line, offset - starts[line - 1] + 1};
}

std::string_view SourceMap::line(std::uint32_t source, std::uint32_t line) const {
  const auto& [name, text, starts] = sources_[source];
  const std::string_view rest = std::string_view(text).substr(starts[line - 1]);
  return rest.substr(0, rest.find('\n'));
}

std::string SourceMap::describe(Span span) const {
  const LineColumn place = locate(span.source, span.begin);
  return std::string(name(span.source)) + ":" + std::to_string(place.line) + ":" +
         std::to_string(place.column);
}

}  // namespace socktap
