#include "vm/regex.h"

#include <re2/re2.h>

#include <algorithm>

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

// The end of the bracket expression that begins at `begin`, behind its `]`.
std::size_t end_of_brackets(std::string_view text, std::size_t begin) {
  std::size_t at = begin + 1;
  if (at < text.size() && text[at] == '^') ++at;
  if (at < text.size() && text[at] == ']') ++at;
  while (at < text.size() && text[at] != ']') {
    const bool is_class = text[at] == '[' && at + 1 < text.size() && text[at + 1] == ':';
    const std::size_t end = is_class ? text.find(":]", at + 2) : std::string_view::npos;
    at = end == std::string_view::npos ? at + 1 : end + 2;
  }
  return std::min(at + 1, text.size());
}

// In SystemTap's expressions a backslash takes a character's special meaning away and gives none,
// and in brackets it is a character like others.
std::string without_escapes(std::string_view text) {
  std::string pattern;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '[') {
      const std::size_t end = end_of_brackets(text, at);
      for (const char c : text.substr(at, end - at)) pattern.append(c == '\\' ? 2 : 1, c);
      at = end - 1;
    } else if (text[at] == '\\' && at + 1 < text.size() && is_alphanumeric(text[at + 1])) {
      pattern += text[++at];
    } else {
      pattern += text[at];
      if (text[at] == '\\' && at + 1 < text.size()) pattern += text[++at];
    }
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
