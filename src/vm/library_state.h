// What library functions remember between calls. One a machine; the machine itself only sets the
// groups of the last regular expression and asks whether exit() was called.
#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace socktap::vm {

class LibraryState {
 public:
  // The groups of the last =~, the whole match first. A group that took no part is empty.
  void set_match(const std::vector<std::string_view>& groups);
  void set_no_match();

  bool exit_requested() const { return exit_requested_; }
  void request_exit() { exit_requested_ = true; }

  // For the functions themselves.
  struct Tokens {
    std::string text;
    std::size_t next = 0;  // where the rest begins
    bool done = true;
  };
  struct Indentation {
    std::int64_t depth = 0;
    std::int64_t since = 0;  // us, when the outermost level began
  };

  const std::optional<std::vector<std::string>>& match() const { return match_; }
  Tokens& tokens() { return tokens_; }
  Indentation& indentation() { return indentation_; }
  Indentation& indentation_of(std::int64_t thread) { return thread_indentation_[thread]; }
  bool first_time(std::string_view warning);  // true once for each text
  std::int64_t random(std::int64_t below);    // 0 ... below - 1; below > 0

 private:
  std::optional<std::vector<std::string>> match_;  // none: no match yet, or the last one failed
  Tokens tokens_;
  Indentation indentation_;
  std::unordered_map<std::int64_t, Indentation> thread_indentation_;
  std::unordered_set<std::string> warnings_;
  std::optional<std::mt19937_64> random_;  // seeded at first use
  bool exit_requested_ = false;
};

}  // namespace socktap::vm
