// The script's mistakes: collected while a phase runs, returned with its result, printed only at
// the edge.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/source_map.h"

namespace socktap {

enum class Severity { warning, parse_error, semantic_error };

// A second place that explains the first: "previously declared here".
struct DiagnosticNote {
  std::optional<Span> span;
  std::string message;
};

inline constexpr std::string_view diagnostic_names[] = {
#define DIAGNOSTIC(name) name,
#include "base/diagnostics.def"
};

// Stable, kebab-case, what tests match: "unknown-probe-point". Made of a literal that
// diagnostics.def lists; of any other it does not compile.
class DiagnosticName {
 public:
  constexpr DiagnosticName() = default;  // of a diagnostic that is yet to be made
  consteval DiagnosticName(const char* name) : text_(name) {
    bool listed = false;
    for (const std::string_view each : diagnostic_names) listed = listed || each == text_;
    if (!listed) is_not_listed_in_diagnostics_def();
  }

  constexpr std::string_view text() const { return text_; }
  friend constexpr bool operator==(DiagnosticName a, std::string_view b) { return a.text_ == b; }

 private:
  static void is_not_listed_in_diagnostics_def() {}

  std::string_view text_;
};

struct Diagnostic {
  DiagnosticName name;
  Severity severity = Severity::semantic_error;
  Span span;
  std::string message;
  std::string hint;  // "did you mean `socket.send`?"; may be empty
  std::vector<DiagnosticNote> notes;
};

class Diagnostics {
 public:
  Diagnostic& add(Diagnostic diagnostic);
  void append(Diagnostics other);

  bool has_errors() const { return errors_ > 0; }
  std::size_t error_count() const { return errors_; }
  const std::vector<Diagnostic>& all() const { return all_; }
  bool empty() const { return all_.empty(); }

 private:
  std::vector<Diagnostic> all_;
  std::size_t errors_ = 0;
};

// The text of one diagnostic, as people see it:
//
//   semantic error: unknown probe point `socket.sned` [unknown-probe-point]
//     --> a.stp:1:7
//      1 | probe socket.sned { }
//        |       ^~~~~~~~~~~
//   hint: did you mean `socket.send`?
std::string render(const Diagnostic& diagnostic, const SourceMap& sources, bool color);

// The candidate nearest to `word` by edit distance, if any is near enough to be meant. None for
// words of more than 64 letters: nobody typed them.
std::optional<std::string_view> nearest(std::string_view word,
                                        const std::vector<std::string_view>& candidates);

}  // namespace socktap
