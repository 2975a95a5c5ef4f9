#include "session/limits.h"

#include <algorithm>
#include <charconv>
#include <iterator>

#include "plan/plan.h"

namespace socktap::session {
namespace {

constexpr LimitRow rows[] = {
    {"MAXSTRINGLEN", &vm::Limits::max_string, 2, 1 << 20,
     "bytes of a string, the zero at its end included; what is longer is cut"},
    {"MAXMAPENTRIES", &vm::Limits::max_map_entries, 1, 1 << 26,
     "elements of an array that declares no size"},
    {"MAXACTION", &vm::Limits::max_action, 0, INT64_MAX,
     "statements and turns of loops in one run of a handler; of begin, end and error handlers ten "
     "times as many, and a hundred times if it is not set"},
    {"MAXNESTING", &vm::Limits::max_nesting, 1, 10'000, "calls of functions within each other"},
    {"HIST_ELISION", &vm::Limits::hist_elision, -1'000, 1'000,
     "empty rows that a histogram shows beside one that is not; all if it is negative"},
    {"MAXERRORS", &vm::Limits::max_errors, 0, INT64_MAX, "run-time errors that do not end the run"},
};

}  // namespace

std::span<const LimitRow> limit_rows() { return rows; }

Result<ParsedLimits> parse_limits(const std::vector<std::string>& definitions) {
  ParsedLimits parsed;
  for (const std::string& definition : definitions) {
    const std::size_t equals = definition.find('=');
    const std::string name = definition.substr(0, equals);
    const auto row = std::ranges::find(rows, name, &LimitRow::name);
    if (row == std::end(rows)) {
      parsed.ignored.push_back(name);
      continue;
    }
    const std::string value = equals == std::string::npos ? "" : definition.substr(equals + 1);
    std::int64_t number = 0;
    const auto [end, code] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (code != std::errc() || end != value.data() + value.size() || number < row->smallest ||
        number > row->largest) {
      return failure(
          "-D " + definition + ": not a number that fits",
          name + " takes " + std::to_string(row->smallest) + " to " + std::to_string(row->largest));
    }
    parsed.limits.*(row->member) = number;
    if (row->member == &vm::Limits::max_action) {
      constexpr std::int64_t times = 10;  // as many in begin, end and error handlers
      parsed.limits.max_action_lifecycle = number > INT64_MAX / times ? INT64_MAX : number * times;
    }
  }
  return parsed;
}

bool leave_room_for_kernel(const vm::Limits& limits) {
  return limits.max_string >= vm::Limits{}.max_string && limits.max_action >= plan::most_actions &&
         limits.max_errors == 0;
}

}  // namespace socktap::session
