#include "comparison.h"

#include <fmt/core.h>

#include <algorithm>
#include <istream>
#include <map>
#include <optional>
#include <tuple>

#include "matching.h"

namespace socktap::test {
namespace {

// Events that are compared with one another in order.
using Lane = std::tuple<std::int64_t, std::int64_t, tapset::Phase>;  // pid, tid or -1, phase

struct Sequences {
  std::vector<const Happening*> promised;
  std::vector<const Happening*> observed;
};

std::map<Lane, Sequences> lanes_of(std::span<const Happening> promised,
                                   std::span<const Happening> observed) {
  std::map<Lane, Sequences> lanes;
  std::map<std::pair<std::int64_t, std::int64_t>, bool> known_threads;
  for (const Happening& promise : promised) {
    const std::int64_t pid = promise.get(Value::pid);
    const std::int64_t tid = promise.get(Value::tid);
    if (tid >= 0) known_threads[{pid, tid}] = true;
    lanes[{pid, tid, promise.phase}].promised.push_back(&promise);
  }
  for (const Happening& event : observed) {
    const std::int64_t pid = event.get(Value::pid);
    std::int64_t tid = event.get(Value::tid);
    if (!known_threads.contains({pid, tid})) tid = -1;
    lanes[{pid, tid, event.phase}].observed.push_back(&event);
  }
  return lanes;
}

class Comparer {
 public:
  Comparison run(std::span<const Happening> promised, std::span<const Happening> observed) {
    for (const auto& [lane, sequences] : lanes_of(promised, observed)) {
      const bool in_order = std::get<1>(lane) >= 0;
      take(in_order ? match_in_order(sequences.promised, sequences.observed)
                    : match_in_any_order(sequences.promised, sequences.observed));
    }
    check_order();
    for (auto& [name, count] : marks_) result_.marks.push_back(count);
    return std::move(result_);
  }

 private:
  void take(const Matching& matching) {
    for (const Pair& pair : matching.pairs) accept(pair);
    std::vector<const Happening*> missing;
    for (const Happening* promise : matching.unfulfilled) {
      if (promise->mark.empty())
        missing.push_back(promise);
      else
        count_mark(*promise).promised++;
    }
    for (const Happening* event : matching.unpromised) explain(*event, missing, matching.pairs);
    for (const Happening* promise : missing) {
      report(Difference::missing, *promise, "  promised " + format(*promise));
    }
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

  // What an event is that fits no promise: a repetition, one with a wrong value, or a stranger.
  void explain(const Happening& event, std::vector<const Happening*>& missing,
               const std::vector<Pair>& pairs) {
    const auto kin = std::ranges::find_if(missing, [&](const Happening* promise) {
      return promise->operation == event.operation &&
             promise->get(Value::family) == event.get(Value::family) &&
             promise->get(Value::type) == event.get(Value::type);
    });
    for (const Pair& pair : pairs) {
      if (kin != missing.end()) break;
      if (!fits(*pair.promise, event) || pair.promise->in_pieces) continue;
      return report(Difference::repeated, *pair.promise, "  again    " + format(event));
    }
    if (kin == missing.end()) {
      return report(Difference::unexpected, event, "  observed " + format(event));
    }
    report_wrong(**kin, event, differing_values(**kin, event, false));
    missing.erase(kin);
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
