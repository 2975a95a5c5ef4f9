// Collects what the checker has to say: each thing once, although an alias body is checked in every
// handler that uses it, and in the order of the text, although functions are checked when called.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "base/diagnostic.h"

namespace socktap::language::semantics {

class Reporter {
 public:
  // `name` must have static lifetime. The reference is good until the next call.
  Diagnostic& error(DiagnosticName name, Span span, std::string message, std::string hint = {});
  Diagnostic& warning(DiagnosticName name, Span span, std::string message, std::string hint = {});

  // For what is wrong with a name itself: once for all places where the script uses it.
  Diagnostic& error_once(DiagnosticName name, Span span, std::string message,
                         std::string hint = {});

  bool has_errors() const { return errors_ > 0; }
  Diagnostics take();  // sorted by place; ends the reporter's life

 private:
  Diagnostic& add(Diagnostic diagnostic);

  std::vector<Diagnostic> found_;
  std::set<std::tuple<const char*, std::uint32_t, std::uint32_t, std::uint32_t>> seen_;
  std::map<std::pair<std::string_view, std::string>, std::size_t> told_once_;  // where in `found_`
  Diagnostic repeated_;  // what the caller may decorate when the diagnostic is not a new one
  std::size_t errors_ = 0;
};

// "did you mean `word`?", or nothing if no candidate is near.
std::string did_you_mean(std::string_view word, const std::vector<std::string_view>& candidates);

}  // namespace socktap::language::semantics
