#include "language/semantics/reporter.h"

#include <fmt/format.h>

#include <algorithm>

namespace socktap::language::semantics {

Diagnostic& Reporter::error(DiagnosticName name, Span span, std::string message, const Hint& hint) {
  return add({name, Severity::semantic_error, span, std::move(message), {}, {}}, hint);
}

Diagnostic& Reporter::warning(DiagnosticName name, Span span, std::string message,
                              const Hint& hint) {
  return add({name, Severity::warning, span, std::move(message), {}, {}}, hint);
}

// Functions are looked at after what calls them: of two places the first in the text is told.
Diagnostic& Reporter::error_once(DiagnosticName name, Span span, std::string message,
                                 const Hint& hint) {
  const auto [told, added] = told_once_.try_emplace({name.text(), message}, found_.size());
  if (added) {
    Diagnostic& first = error(name, span, std::move(message), hint);
    if (&first == &repeated_) told_once_.erase(told);
    return first;
  }
  Diagnostic& first = found_[told->second];
  if (std::tie(span.source, span.begin) < std::tie(first.span.source, first.span.begin))
    first.span = span;
  return repeated_ = first;
}

Diagnostic& Reporter::add(Diagnostic diagnostic, const Hint& hint) {
  const Span& span = diagnostic.span;
  const auto key = std::tuple(diagnostic.name.text(), span.source, span.begin, span.end);
  Count& count = count_of(diagnostic.severity);
  const bool is_new = !seen_.contains(key);
  count.has_more |= is_new && count.kept == most;
  if (!is_new || count.kept == most) return repeated_ = std::move(diagnostic);
  seen_.insert(key);
  ++count.kept;
  if (!hint.is_to_be_found() || found_hints_++ < most_found_hints) diagnostic.hint = hint.text();
  return found_.emplace_back(std::move(diagnostic));
}

Diagnostics Reporter::take() {
  std::ranges::stable_sort(found_, [](const Diagnostic& a, const Diagnostic& b) {
    return std::tie(a.span.source, a.span.begin) < std::tie(b.span.source, b.span.begin);
  });
  for (auto last = found_.rbegin(); last != found_.rend(); ++last) {
    const bool is_warning = last->severity == Severity::warning;
    if (!std::exchange(count_of(last->severity).has_more, false)) continue;
    last->notes.push_back({std::nullopt, fmt::format("these are {} {}; there are more", most,
                                                     is_warning ? "warnings" : "errors")});
  }
  Diagnostics all;
  for (Diagnostic& diagnostic : found_) all.add(std::move(diagnostic));
  return all;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string_view>& candidates) {
  const auto found = nearest(word, candidates);
  return found ? fmt::format("did you mean `{}`?", *found) : std::string();
}

}  // namespace socktap::language::semantics
