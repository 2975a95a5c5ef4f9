// Rounds: each subject's traced batch between two untraced ones of the same process.
//
// All subjects come once a round, in random order by a seed that is printed, so that a machine that
// slows down or speeds up favours nobody. What a round says is the difference between its traced
// batch and the mean of the two around it. Of a subject's rounds the quieter half counts, those
// whose untraced batches were the fastest: where neighbours slow down one of them, they may have
// slowed down the traced one, too. Of these the median is the figure.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "compare/spread.h"
#include "compare/subjects.h"
#include "compare/workload.h"

namespace socktap::bench {

// Indices of cases: each comes once a round.
std::vector<std::size_t> draw_turns(std::size_t cases, unsigned rounds, std::uint64_t seed);

// A subject on a workload.
struct Case {
  std::string group;  // what this one has in common with others: "1,000 keys"; may be empty
  const Subject* subject = nullptr;
  StartWorkload workload;
  bool makes_events = true;  // each is one that the subject should see, not a request or a call
  StartWorkload other;       // an idle process that is traced in its place, where there is one
};

// What one round came to.
struct Sample {
  Batch before;
  Batch traced;
  Batch after;
  std::uint64_t own_cpu_ns = 0;  // the tracer's, from the traced batch's beginning until it rests
  double ready_ms = 0;
  long peak_kb = 0;
  std::optional<std::uint64_t> seen;
  std::uint64_t lost = 0;  // by the tracer's own word

  double untraced_ns() const { return (before.ns_per_event() + after.ns_per_event()) / 2; }
  double slower_ns() const { return std::max(before.ns_per_event(), after.ns_per_event()); }
};

// The quieter half of them, and the one in the middle.
std::vector<Sample> quieter_half(std::vector<Sample> samples);

// What its rounds came to.
struct Measured {
  std::string group;
  std::string subject;
  std::string work;
  unsigned rounds = 0;  // of which the quieter half counts for times
  Spread untraced_ns;   // CPU time of the traced thread or server, per event
  Spread added_ns;
  Spread ratio;   // traced / untraced
  Spread own_ns;  // CPU time of the tracer, per event
  Spread ready_ms;
  double rate = 0;  // events a second while traced
  double peak_mb = 0;
  std::uint64_t made = 0;                // while traced, in all rounds
  std::optional<std::uint64_t> missing;  // made, but not in what it printed
  std::uint64_t lost = 0;                // by its own word
  std::string refusal;                   // why there is no figure; else empty

  bool is_measured() const { return rounds > 0; }
  double missing_share() const;
};

Measured summary_of(const Case& one, const std::vector<Sample>& samples);

// Runs them all. What cannot be measured has a refusal, and is not tried again.
std::vector<Measured> run_rounds(const std::vector<Case>& cases, const Tools& tools,
                                 unsigned rounds, std::uint64_t seed,
                                 const std::function<void(const std::string&)>& say);

}  // namespace socktap::bench
