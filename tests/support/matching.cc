#include "matching.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>

namespace socktap::test {
namespace {

bool same(const Happening& promise, const Happening& event, Value value) {
  const auto& promised = promise[value];
  const auto& observed = event[value];
  return !promised || !observed || promised->admits(observed->number);
}

bool is_one_path_of(const Happening& event, const Happening& promise) {
  return !(event.paths & promise.paths).empty();
}

// The events from `at` that are the promise's pieces, adding up to its size; empty if they do not.
std::vector<const Happening*> pieces_at(const Happening& promise, const Sequence& observed,
                                        std::size_t at) {
  std::vector<const Happening*> pieces;
  std::int64_t left = promise.get(Value::size);
  for (; at < observed.size() && left > 0; ++at) {
    const Happening& event = *observed[at];
    if (event.operation != promise.operation || !is_one_path_of(event, promise)) return {};
    pieces.push_back(&event);
    left -= event.get(Value::size);
  }
  return left == 0 ? pieces : std::vector<const Happening*>{};
}

std::vector<const Happening*> events_at(const Happening& promise, const Sequence& observed,
                                        std::size_t at) {
  if (promise.in_pieces) return pieces_at(promise, observed, at);
  if (at >= observed.size() || !fits(promise, *observed[at])) return {};
  return {observed[at]};
}

// Where the sequences meet again: the nearest pair of places, counted in skipped members. A skipped
// promise that need not be kept costs least.
struct Meeting {
  std::size_t promised;
  std::size_t observed;
};
constexpr std::size_t horizon = 64;

std::optional<Meeting> next_meeting(const Sequence& promised, std::size_t p,
                                    const Sequence& observed, std::size_t o) {
  std::optional<Meeting> best;
  std::size_t best_cost = SIZE_MAX;
  std::size_t promise_cost = 0;
  for (std::size_t i = p; i < promised.size() && i < p + 4 * horizon; ++i) {
    if (promise_cost >= best_cost) break;
    for (std::size_t j = o; j < observed.size() && j < o + horizon; ++j) {
      const std::size_t cost = promise_cost + 2 * (j - o);
      if (cost >= best_cost) break;
      if (events_at(*promised[i], observed, j).empty()) continue;
      best = Meeting{i, j};
      best_cost = cost;
    }
    promise_cost += promised[i]->mark.empty() ? 2 : 1;
  }
  return best;
}

}  // namespace

bool fits(const Happening& promise, const Happening& event) {
  if (promise.operation != event.operation || promise.phase != event.phase) return false;
  if (promise[Value::size]) return same(promise, event, Value::size);
  return same(promise, event, Value::family) && same(promise, event, Value::type);
}

Matching match_in_order(const Sequence& promised, const Sequence& observed) {
  Matching matching;
  std::size_t p = 0;
  std::size_t o = 0;
  while (const auto meeting = next_meeting(promised, p, observed, o)) {
    for (; p < meeting->promised; ++p) matching.unfulfilled.push_back(promised[p]);
    for (; o < meeting->observed; ++o) matching.unpromised.push_back(observed[o]);
    Pair pair{promised[p], events_at(*promised[p], observed, o)};
    ++p;
    o += pair.events.size();
    matching.pairs.push_back(std::move(pair));
  }
  for (; p < promised.size(); ++p) matching.unfulfilled.push_back(promised[p]);
  for (; o < observed.size(); ++o) matching.unpromised.push_back(observed[o]);
  return matching;
}

Matching match_in_any_order(const Sequence& promised, const Sequence& observed) {
  Matching matching;
  Sequence left = observed;
  for (const Happening* promise : promised) {
    const auto found =
        std::ranges::find_if(left, [&](const Happening* event) { return fits(*promise, *event); });
    if (found == left.end()) {
      matching.unfulfilled.push_back(promise);
      continue;
    }
    matching.pairs.push_back({promise, {*found}});
    left.erase(found);
  }
  matching.unpromised = std::move(left);
  return matching;
}

std::string differing_values(const Happening& promise, const Happening& event, bool is_piece) {
  std::string text;
  const auto differs = [&](std::string_view name, const auto& promised, const auto& observed) {
    if (!text.empty()) text += "; ";
    text += fmt::format("{}: promised {}, observed {}", name, promised, observed);
  };
  if (!is_one_path_of(event, promise)) text = "path";
  if (!promise.comm.empty() && !event.comm.empty() && promise.comm != event.comm) {
    differs("comm", promise.comm, event.comm);
  }
  for (int i = 0; i < value_count; ++i) {
    const auto value = static_cast<Value>(i);
    if (same(promise, event, value) || (is_piece && value == Value::size)) continue;
    differs(name_of(value), promise.get(value), event.get(value));
  }
  return text;
}

}  // namespace socktap::test
