// The patterns of =~ and !~: POSIX extended regular expressions over bytes, the leftmost and
// longest match. Matching takes time linear in the text, whatever the pattern.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace socktap::vm {

class Regex {
 public:
  // Requires that regex_error(pattern) has nothing to say; otherwise it never matches.
  explicit Regex(const std::string& pattern);
  Regex(Regex&&) noexcept;
  Regex& operator=(Regex&&) noexcept;
  ~Regex();

  bool matches(std::string_view subject);
  // The whole match and its groups, views into `subject`; empty if it does not match. Groups that
  // took no part are empty views.
  const std::vector<std::string_view>& groups(std::string_view subject);

 private:
  struct Compiled;
  std::unique_ptr<Compiled> compiled_;
  std::vector<std::string_view> groups_;  // room for all, so that a match allocates nothing
};

// What is wrong with a pattern, for the script's diagnostics; none: it can be used.
std::optional<std::string> regex_error(const std::string& pattern);

}  // namespace socktap::vm
