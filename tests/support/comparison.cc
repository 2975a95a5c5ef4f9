#include "comparison.h"

#include <fmt/core.h>

#include <algorithm>
#include <istream>
#include <map>
#include <set>
#include <tuple>

#include "matching.h"

namespace socktap::test {
namespace {

// Events that are compared with one another in order.
using Lane = std::tuple<std::int64_t, std::int64_t, tapset::Phase>;  // pid or -1, tid or -1, phase

struct Sequences {
  std::vector<const Happening*> promised;
  std::vector<const Happening*> observed;
};

std::map<Lane, Sequences> lanes_of(std::span<const Happening> promised,
                                   std::span<const Happening> observed) {
  std::map<Lane, Sequences> lanes;
  std::set<std::int64_t> known_processes;
  std::set<std::pair<std::int64_t, std::int64_t>> known_threads;
  for (const Happening& promise : promised) {
    const std::int64_t pid = promise.get(Value::pid);
    const std::int64_t tid = promise.get(Value::tid);
    known_processes.insert(pid);
    if (tid >= 0) known_threads.insert({pid, tid});
    lanes[{pid, tid, promise.phase}].promised.push_back(&promise);
  }
  for (const Happening& event : observed) {
    std::int64_t pid = event.get(Value::pid);
    std::int64_t tid = event.get(Value::tid);
    if (!known_threads.contains({pid, tid})) tid = -1;
    if (!known_processes.contains(pid)) pid = -1;
    lanes[{pid, tid, event.phase}].observed.push_back(&event);
  }
  return lanes;
}

class Comparer {
 public:
  Comparison run(std::span<const Happening> promised, std::span<const Happening> observed) {
    std::map<Lane, Sequences> lanes = lanes_of(promised, observed);
    for (const auto& [lane, sequences] : lanes) {
      if (!is_of_a_thread(lane)) continue;
      Matching matching = match_in_order(sequences.promised, sequences.observed);
      hand_on(matching.unpromised, lanes, lane);
      take(matching);
    }
    for (const auto& [lane, sequences] : lanes)
      if (!is_of_a_thread(lane)) take(match_in_any_order(sequences.promised, sequences.observed));
    check_order();
    for (auto& [name, count] : marks_) result_.marks.push_back(count);
    return std::move(result_);
  }

 private:
  static bool is_of_a_thread(const Lane& lane) { return std::get<1>(lane) >= 0; }

  // What may be done by any thread of a process may be done by one that does other things in order.
  static void hand_on(std::vector<const Happening*>& unpromised, std::map<Lane, Sequences>& lanes,
                      const Lane& from) {
    const auto any = lanes.find({std::get<0>(from), -1, std::get<2>(from)});
    if (any == lanes.end()) return;
    const auto theirs =
        std::stable_partition(unpromised.begin(), unpromised.end(), [&any](const Happening* event) {
          return std::ranges::none_of(any->second.promised, [event](const Happening* promise) {
            return agrees(*promise, *event);
          });
        });
    any->second.observed.insert(any->second.observed.end(), theirs, unpromised.end());
    std::ranges::sort(any->second.observed);  // as they were observed
    unpromised.erase(theirs, unpromised.end());
  }

  void take(const Matching& matching) {
    for (const Pair& pair : matching.pairs) accept(pair);
    for (const Happening* promise : matching.unfulfilled) {
      if (!promise->mark.empty()) {
        ++count_mark(*promise).promised;
      } else {
        report(Difference::missing, *promise, "  promised " + format(*promise));
      }
    }
    for (const Happening* event : matching.unpromised) explain(*event, matching.pairs);
  }

  void accept(const Pair& pair) {
    ++result_.matched;
    if (!pair.promise->mark.empty()) {
      MarkCount& count = count_mark(*pair.promise);
      ++count.promised;
      ++count.observed;
    }
    seen_[{pair.promise->get(Value::pid), pair.promise->get(Value::tid), pair.promise->call}]
        .push_back(pair);
    for (const Happening* event : pair.events) {
      const std::string values = differing_values(*pair.promise, *event, pair.events.size() > 1);
      if (!values.empty()) report_wrong(*pair.promise, *event, values);
    }
  }

  // An event without a promise of its own: a repetition, or a stranger.
  void explain(const Happening& event, const std::vector<Pair>& pairs) {
    for (const Pair& pair : pairs) {
      if (pair.promise->in_pieces || !agrees(*pair.promise, event)) continue;
      return report(Difference::repeated, *pair.promise, "  again    " + format(event));
    }
    report(Difference::unexpected, event, "  observed " + format(event));
  }

  // Observed sequences hold events in the order of observation, so addresses tell what came first.
  void check_order() {
    for (const auto& [call, pairs] : seen_) {
      const Pair* begin = nullptr;
      const Pair* conclusion = nullptr;
      for (const Pair& pair : pairs) {
        (pair.promise->phase == tapset::Phase::begin ? begin : conclusion) = &pair;
      }
      if (begin == nullptr || conclusion == nullptr) continue;
      if (begin->events.front() < conclusion->events.front()) continue;
      report(Difference::out_of_order, *begin->promise,
             "  promised " + format(*begin->promise) + "\n  first    " +
                 format(*conclusion->events.front()));
    }
  }

  MarkCount& count_mark(const Happening& promise) {
    MarkCount& count = marks_[promise.mark];
    count.mark = promise.mark;
    return count;
  }

  void report_wrong(const Happening& promise, const Happening& event, const std::string& values) {
    report(
        Difference::wrong_value, promise,
        fmt::format("  {}\n  promised {}\n  observed {}", values, format(promise), format(event)));
  }

  void report(Difference difference, const Happening& at, std::string text) {
    result_.findings.push_back({difference, at.step, std::move(text)});
  }

  Comparison result_;
  std::map<std::string, MarkCount> marks_;
  std::map<std::tuple<std::int64_t, std::int64_t, std::uint64_t>, std::vector<Pair>> seen_;
};

}  // namespace

std::string_view name_of(Difference difference) {
  constexpr std::string_view names[] = {"missing", "unexpected", "repeated", "wrong value",
                                        "out of order"};
  return names[static_cast<std::size_t>(difference)];
}

Comparison compare(std::span<const Happening> promised, std::span<const Happening> observed) {
  return Comparer().run(promised, observed);
}

std::vector<Happening> read_truth(std::istream& in, std::vector<std::string>* remarks) {
  std::vector<Happening> promised;
  for (std::string line; std::getline(in, line);) {
    if (auto happening = parse_happening(line)) {
      promised.push_back(std::move(*happening));
    } else if (remarks != nullptr) {
      remarks->push_back(line);
    }
  }
  return promised;
}

std::string describe(const Comparison& comparison, std::size_t limit) {
  std::string text = fmt::format("{} promises fulfilled, {} differences\n", comparison.matched,
                                 comparison.findings.size());
  std::map<std::pair<std::string, Difference>, std::size_t> by_step;
  for (const Finding& finding : comparison.findings) ++by_step[{finding.step, finding.difference}];
  for (const auto& [at, count] : by_step) {
    text += fmt::format("  {:5} {} in {}\n", count, name_of(at.second),
                        at.first.empty() ? "no step" : at.first);
  }
  for (std::size_t i = 0; i < std::min(limit, comparison.findings.size()); ++i) {
    const Finding& finding = comparison.findings[i];
    text += fmt::format("{} ({})\n{}\n", name_of(finding.difference), finding.step, finding.text);
  }
  return text;
}

}  // namespace socktap::test
