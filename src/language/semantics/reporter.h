// Collects what the checker has to say: each thing once, although an alias body is checked in every
// handler that uses it, in the order of the text, although functions are checked when called, and
// no more of them than help.
#pragma once

#include <concepts>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "base/diagnostic.h"

namespace socktap::language::semantics {

// What may help, beside the message: a text, or what finds one. Finding may look at every name of
// the script, so it is asked of diagnostics that are kept only, and of the first few of these.
class Hint {
 public:
  Hint() = default;
  Hint(const char* text) : text_(text) {}
  Hint(std::string_view text) : text_(text) {}
  Hint(std::string text) : text_(std::move(text)) {}
  template <std::invocable Find>
  Hint(Find find) : find_(std::move(find)) {}

  bool is_to_be_found() const { return find_ != nullptr; }
  std::string text() const { return find_ ? find_() : text_; }

 private:
  std::string text_;
  std::function<std::string()> find_;
};

class Reporter {
 public:
  // Of errors, and of warnings. More than the parser says, because here one does not lead to the
  // next: a script written for another system may use many things that are not offered.
  static constexpr std::size_t most = 200;
  static constexpr std::size_t most_found_hints = 20;

  // `name` must have static lifetime. The reference is good until the next call.
  Diagnostic& error(DiagnosticName name, Span span, std::string message, const Hint& hint = {});
  Diagnostic& warning(DiagnosticName name, Span span, std::string message, const Hint& hint = {});

  // For what is wrong with a name itself: once for all places where the script uses it.
  Diagnostic& error_once(DiagnosticName name, Span span, std::string message,
                         const Hint& hint = {});

  bool has_errors() const { return errors_.kept > 0; }

  // Sorted by place; the last error or warning says so if more were not kept. Ends the reporter's
  // life.
  Diagnostics take();

 private:
  struct Count {
    std::size_t kept = 0;
    bool has_more = false;
  };

  Diagnostic& add(Diagnostic diagnostic, const Hint& hint);
  Count& count_of(Severity severity) { return severity == Severity::warning ? warnings_ : errors_; }

  std::vector<Diagnostic> found_;
  std::set<std::tuple<std::string_view, std::uint32_t, std::uint32_t, std::uint32_t>> seen_;
  std::map<std::pair<std::string_view, std::string>, std::size_t> told_once_;  // where in `found_`
  Diagnostic repeated_;  // what the caller may decorate when the diagnostic is not kept
  Count errors_, warnings_;
  std::size_t found_hints_ = 0;
};

// "did you mean `word`?", or nothing if no candidate is near.
std::string did_you_mean(std::string_view word, const std::vector<std::string_view>& candidates);

}  // namespace socktap::language::semantics
