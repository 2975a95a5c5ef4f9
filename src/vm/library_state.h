// What library functions remember between calls. One a machine; the machine itself only sets the
// groups of the last regular expression and asks whether exit() was called.
#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/unique_fd.h"
#include "vm/speculation.h"

namespace socktap::vm {

class LibraryState {
 public:
  // The groups of the last =~, views into `subject`, the whole match first; none: it did not match.
  // A group that took no part is empty.
  void set_match(std::string_view subject, std::span<const std::string_view> groups);

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

  struct Stopwatch {
    std::int64_t elapsed = 0;                   // ns of the runs that have ended
    std::optional<std::int64_t> running_since;  // ns
  };
  struct Zone {
    std::int64_t seconds_west;
    std::string name;
  };

  // As they were set; none too before the first =~.
  std::size_t groups() const { return groups_.size(); }
  std::size_t matched_groups() const { return matched_groups_; }  // of the last that matched
  std::string_view group(std::size_t index) const;

  Tokens& tokens() { return tokens_; }
  Indentation& indentation() { return indentation_; }
  std::unordered_map<std::int64_t, Indentation>& thread_indentation() {
    return thread_indentation_;
  }
  std::unordered_map<std::string, Stopwatch>& stopwatches() { return stopwatches_; }
  Speculations& speculations() { return speculations_; }
  const Zone& zone();                              // local time's, as it was when first asked for
  bool first_time(std::string_view warning);       // true once for each text
  std::int64_t random(std::int64_t below);         // 0 ... below - 1; below > 0
  void write_trace_marker(std::string_view line);  // dropped where the kernel refuses
  void set_trace_marker_path(std::string path) { trace_marker_path_ = std::move(path); }

 private:
  // The last match, in memory that is kept from match to match: where its groups lie in the copy.
  struct Group {
    std::size_t begin, size;
  };
  std::string matched_subject_;
  std::vector<Group> groups_;
  std::size_t matched_groups_ = 0;

  Tokens tokens_;
  Indentation indentation_;
  std::unordered_map<std::int64_t, Indentation> thread_indentation_;
  std::unordered_map<std::string, Stopwatch> stopwatches_;
  Speculations speculations_;
  std::unordered_set<std::string> warnings_;
  std::optional<Zone> zone_;
  std::string trace_marker_path_ = "/sys/kernel/tracing/trace_marker";
  std::optional<UniqueFd> trace_marker_;   // opened at first use
  std::optional<std::mt19937_64> random_;  // seeded at first use
  bool exit_requested_ = false;
};

}  // namespace socktap::vm
