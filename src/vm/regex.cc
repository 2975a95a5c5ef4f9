#include "vm/regex.h"

#include <re2/re2.h>

#include "vm/compile.h"

namespace socktap::vm {
namespace {

re2::RE2::Options posix_extended() {
  re2::RE2::Options options(re2::RE2::Latin1);  // bytes
  options.set_posix_syntax(true);
  options.set_longest_match(true);
  options.set_never_nl(false);
  options.set_dot_nl(true);
  options.set_one_line(true);  // ^ and $ are the text's ends, not its lines'
  options.set_log_errors(false);
  return options;
}

}  // namespace

Regex::Regex(const std::string& pattern)
    : compiled_(std::make_unique<re2::RE2>(pattern, posix_extended())) {}
Regex::Regex(Regex&&) noexcept = default;
Regex& Regex::operator=(Regex&&) noexcept = default;
Regex::~Regex() = default;

bool Regex::matches(std::string_view subject) const {
  return compiled_->Match({subject.data(), subject.size()}, 0, subject.size(), re2::RE2::UNANCHORED,
                          nullptr, 0);
}

const std::vector<std::string_view>& Regex::groups(std::string_view subject) {
  groups_.clear();
  if (!compiled_->ok()) return groups_;
  std::vector<re2::StringPiece> pieces(
      static_cast<std::size_t>(compiled_->NumberOfCapturingGroups()) + 1);
  if (compiled_->Match({subject.data(), subject.size()}, 0, subject.size(), re2::RE2::UNANCHORED,
                       pieces.data(), static_cast<int>(pieces.size()))) {
    for (const re2::StringPiece& piece : pieces) groups_.emplace_back(piece.data(), piece.size());
  }
  return groups_;
}

std::optional<std::string> regex_error(const std::string& pattern) {
  const re2::RE2 compiled(pattern, posix_extended());
  if (compiled.ok()) return std::nullopt;
  return compiled.error();
}

Diagnostics check_patterns(const Code& code) {
  Diagnostics diagnostics;
  for (const Pattern& pattern : code.patterns) {
    if (const auto error = regex_error(pattern.text)) {
      diagnostics.add({"bad-regex",
                       Severity::semantic_error,
                       pattern.span,
                       "the regular expression cannot be used: " + *error,
                       "",
                       {}});
    }
  }
  return diagnostics;
}

}  // namespace socktap::vm
