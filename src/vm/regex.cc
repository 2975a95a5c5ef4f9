#include "vm/regex.h"

#include <re2/re2.h>

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

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// In SystemTap's expressions a backslash takes a character's special meaning away, in brackets too,
// and gives none.
std::string without_escapes(std::string_view text) {
  std::string pattern;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool escapes = text[at] == '\\' && at + 1 < text.size();
    if (escapes && !is_alphanumeric(text[at + 1])) pattern += '\\';
    if (escapes) ++at;
    pattern += text[at];
  }
  return pattern;
}

}  // namespace

struct Regex::Compiled {
  explicit Compiled(const std::string& text) : pattern(without_escapes(text), posix_extended()) {
    if (pattern.ok())
      pieces.resize(static_cast<std::size_t>(pattern.NumberOfCapturingGroups()) + 1);
  }
  bool match(std::string_view subject, std::size_t groups) {
    return pattern.Match({subject.data(), subject.size()}, 0, subject.size(), re2::RE2::UNANCHORED,
                         pieces.data(), static_cast<int>(groups));
  }

  re2::RE2 pattern;
  std::vector<re2::StringPiece> pieces;  // the whole match and its groups
};

Regex::Regex(const std::string& pattern) : compiled_(std::make_unique<Compiled>(pattern)) {}
Regex::Regex(Regex&&) noexcept = default;
Regex& Regex::operator=(Regex&&) noexcept = default;
Regex::~Regex() = default;

bool Regex::matches(std::string_view subject) { return compiled_->match(subject, 0); }

const std::vector<std::string_view>& Regex::groups(std::string_view subject) {
  groups_.clear();
  if (!compiled_->match(subject, compiled_->pieces.size())) return groups_;
  for (const re2::StringPiece& piece : compiled_->pieces) {
    groups_.emplace_back(piece.data(), piece.size());
  }
  return groups_;
}

std::optional<std::string> regex_error(const std::string& pattern) {
  const re2::RE2 compiled(without_escapes(pattern), posix_extended());
  if (compiled.ok()) return std::nullopt;
  return compiled.error();
}

}  // namespace socktap::vm
