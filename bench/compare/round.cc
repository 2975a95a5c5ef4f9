#include "compare/round.h"

#include <algorithm>
#include <functional>
#include <random>

#include "compare/tracer.h"

namespace socktap::bench {
namespace {

constexpr unsigned warm_up = 10;  // this part of a batch

Result<void> run_traced(const Case& one, const Tools& tools, Workload& workload,
                        const Scratch& scratch, Sample& sample) {
  std::unique_ptr<Workload> other;
  if (one.other) {
    auto idle = one.other();
    if (!idle) return tl::unexpected(idle.error());
    other = std::move(*idle);
  }
  const pid_t traced = other ? other->pid() : workload.pid();
  auto tracer = Tracer::start(*one.subject, tools, traced, scratch);
  if (!tracer) return tl::unexpected(tracer.error());
  sample.ready_ms = tracer->ready_ms();
  const std::uint64_t before = tracer->cpu_ns();
  const auto batch = workload.run(one.subject->slowness);
  if (!batch) return tl::unexpected(batch.error());
  sample.traced = *batch;
  sample.own_cpu_ns = tracer->settled_cpu_ns() - before;
  sample.peak_kb = tracer->peak_kb();
  const Tracer::Account account = tracer->end();
  sample.seen = account.seen;
  sample.lost = account.lost;
  return {};
}

Result<void> run_untraced(const Case& one, Workload& workload, Batch& batch) {
  const auto done = workload.run(2 * one.subject->slowness);
  if (!done) return tl::unexpected(done.error());
  batch = *done;
  return {};
}

Result<Sample> run_round(const Case& one, const Tools& tools) {
  const Scratch scratch;
  auto workload = one.workload();
  if (!workload) return tl::unexpected(workload.error());
  if (auto warm = (*workload)->run(warm_up); !warm) return tl::unexpected(warm.error());
  Sample sample;
  if (auto done = run_untraced(one, **workload, sample.before); !done)
    return tl::unexpected(done.error());
  if (auto done = run_traced(one, tools, **workload, scratch, sample); !done)
    return tl::unexpected(done.error());
  if (auto done = run_untraced(one, **workload, sample.after); !done)
    return tl::unexpected(done.error());
  return sample;
}

template <typename Value>
Spread spread_over(const std::vector<Sample>& samples, Value value) {
  std::vector<double> values;
  values.reserve(samples.size());
  for (const Sample& sample : samples) values.push_back(std::invoke(value, sample));
  return spread_of(values);
}

double own_ns(const Sample& sample) {
  return static_cast<double>(sample.own_cpu_ns) / static_cast<double>(sample.traced.events);
}

double rate(const Sample& sample) {
  return static_cast<double>(sample.traced.events) / sample.traced.seconds;
}

std::string text_of(const Error& error) {
  return error.hint.empty() ? error.message : error.message + ": " + error.hint;
}

}  // namespace

std::vector<std::size_t> draw_turns(std::size_t cases, unsigned rounds, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<std::size_t> turns;
  for (unsigned round = 0; round < rounds; ++round) {
    const auto begin = static_cast<std::ptrdiff_t>(turns.size());
    for (std::size_t i = 0; i < cases; ++i) turns.push_back(i);
    std::shuffle(turns.begin() + begin, turns.end(), random);
  }
  return turns;
}

std::vector<Sample> quieter_half(std::vector<Sample> samples) {
  std::ranges::sort(samples, {}, &Sample::slower_ns);
  samples.resize((samples.size() + 1) / 2);
  return samples;
}

double Measured::missing_share() const {
  if (!missing || made == 0) return 0;
  return static_cast<double>(*missing) / static_cast<double>(made);
}

Measured summary_of(const Case& one, const std::vector<Sample>& samples) {
  Measured all{one.group, std::string(one.subject->name), std::string(one.subject->work)};
  all.rounds = static_cast<unsigned>(samples.size());
  const std::vector<Sample> quiet = quieter_half(samples);
  all.untraced_ns = spread_over(quiet, &Sample::untraced_ns);
  all.added_ns = spread_over(quiet, [](const Sample& sample) {
    return sample.traced.ns_per_event() - sample.untraced_ns();
  });
  all.ratio = spread_over(quiet, [](const Sample& sample) {
    return sample.traced.ns_per_event() / sample.untraced_ns();
  });
  all.own_ns = spread_over(quiet, own_ns);
  all.ready_ms = spread_over(quiet, &Sample::ready_ms);
  all.rate = spread_over(quiet, rate).median;
  std::uint64_t seen = 0;
  for (const Sample& sample : samples) {
    all.made += sample.traced.events;
    all.lost += sample.lost;
    all.peak_mb = std::max(all.peak_mb, static_cast<double>(sample.peak_kb) / 1024);
    seen += sample.seen.value_or(0);
  }
  // More than were made are no gain either.
  if (one.makes_events && !samples.empty() && samples.front().seen)
    all.missing = std::max(all.made, seen) - std::min(all.made, seen);
  return all;
}

std::vector<Measured> run_rounds(const std::vector<Case>& cases, const Tools& tools,
                                 unsigned rounds, std::uint64_t seed,
                                 const std::function<void(const std::string&)>& say) {
  std::vector<std::vector<Sample>> samples(cases.size());
  std::vector<std::string> refusals(cases.size());
  for (const std::size_t turn : draw_turns(cases.size(), rounds, seed)) {
    if (!refusals[turn].empty()) continue;
    const Case& one = cases[turn];
    auto sample = run_round(one, tools);
    if (sample) {
      samples[turn].push_back(*sample);
    } else {
      refusals[turn] = text_of(sample.error());
      say(std::string(one.subject->name) + " left out: " + refusals[turn]);
    }
  }
  std::vector<Measured> all;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    all.push_back(summary_of(cases[i], samples[i]));
    if (samples[i].empty()) all.back().refusal = refusals[i];
  }
  return all;
}

}  // namespace socktap::bench
