#include "matching.h"

#include <fmt/core.h>

#include <algorithm>

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

// The same kind of operation on the same kind of socket.
bool akin(const Happening& promise, const Happening& event) {
  return promise.operation == event.operation && promise.phase == event.phase &&
         same(promise, event, Value::family) && same(promise, event, Value::type);
}

// How many events from `at` are the promise's pieces, adding up to its size; 0 if they do not.
std::size_t pieces_at(const Happening& promise, const Sequence& observed, std::size_t at) {
  std::int64_t left = promise.get(Value::size);
  std::size_t count = 0;
  for (; at + count < observed.size() && left > 0; ++count) {
    const Happening& event = *observed[at + count];
    if (!akin(promise, event) || !is_one_path_of(event, promise)) return 0;
    left -= event.get(Value::size);
  }
  return left == 0 ? count : 0;
}

// The cheapest alignment of two sequences, by the classic table: row p, column o holds the cost of
// aligning what follows. A pair whose values differ costs less than leaving both its members out,
// so that one wrong value is one difference and not two.
class Alignment {
 public:
  Alignment(const Sequence& promised, const Sequence& observed)
      : promised_(promised),
        observed_(observed),
        steps_((promised.size() + 1) * (observed.size() + 1)) {
    for (std::size_t p = promised.size() + 1; p-- > 0;) {
      for (std::size_t o = observed.size() + 1; o-- > 0;) at(p, o) = best_step(p, o);
    }
  }

  Matching matching() {
    Matching result;
    std::size_t p = 0;
    std::size_t o = 0;
    while (p < promised_.size() || o < observed_.size()) {
      const Step step = at(p, o);
      const auto first = observed_.begin() + static_cast<std::ptrdiff_t>(o);
      if (!step.takes_promise) {
        result.unpromised.push_back(observed_[o]);
      } else if (step.events == 0) {
        result.unfulfilled.push_back(promised_[p]);
      } else {
        result.pairs.push_back({promised_[p], {first, first + step.events}});
      }
      p += step.takes_promise ? 1 : 0;
      o += step.events;
    }
    return result;
  }

 private:
  struct Step {
    std::uint32_t cost = 0;
    std::uint16_t events = 0;
    bool takes_promise = false;
  };

  Step& at(std::size_t p, std::size_t o) { return steps_[p * (observed_.size() + 1) + o]; }

  Step best_step(std::size_t p, std::size_t o) {
    if (p == promised_.size() && o == observed_.size()) return {};
    Step best{UINT32_MAX, 0, false};
    const auto consider = [&](std::uint32_t cost, std::size_t events, bool takes_promise) {
      cost += at(p + (takes_promise ? 1 : 0), o + events).cost;
      if (cost < best.cost) best = {cost, static_cast<std::uint16_t>(events), takes_promise};
    };
    if (p < promised_.size()) {
      const Happening& promise = *promised_[p];
      if (o < observed_.size()) {
        const Happening& event = *observed_[o];
        const bool must_be_seen = promise.mark.empty();  // else one that differs is another event
        if (agrees(promise, event)) {
          consider(0, 1, true);
        } else if (must_be_seen && promise.operation == event.operation) {
          consider(akin(promise, event) ? 6 : 9, 1, true);
        }
      }
      if (promise.in_pieces) {
        if (const std::size_t count = pieces_at(promise, observed_, o)) consider(0, count, true);
      }
      consider(promise.mark.empty() ? 5 : 1, 0, true);
    }
    if (o < observed_.size()) consider(5, 1, false);
    return best;
  }

  const Sequence& promised_;
  const Sequence& observed_;
  std::vector<Step> steps_;
};

}  // namespace

bool agrees(const Happening& promise, const Happening& event) {
  if (promise.operation != event.operation || promise.phase != event.phase) return false;
  if (!is_one_path_of(event, promise)) return false;
  for (int i = 0; i < value_count; ++i) {
    if (!same(promise, event, static_cast<Value>(i))) return false;
  }
  return promise.comm.empty() || event.comm.empty() || promise.comm == event.comm;
}

Matching match_in_order(const Sequence& promised, const Sequence& observed) {
  return Alignment(promised, observed).matching();
}

Matching match_in_any_order(const Sequence& promised, const Sequence& observed) {
  Matching matching;
  Sequence left = observed;
  const auto take = [&](const Sequence& promises,
                        bool (*matches)(const Happening&, const Happening&)) {
    Sequence unfulfilled;
    for (const Happening* promise : promises) {
      const auto found = std::ranges::find_if(
          left, [&](const Happening* event) { return matches(*promise, *event); });
      if (found == left.end()) {
        unfulfilled.push_back(promise);
        continue;
      }
      matching.pairs.push_back({promise, {*found}});
      left.erase(found);
    }
    return unfulfilled;
  };
  matching.unfulfilled = take(take(promised, agrees), akin);
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
