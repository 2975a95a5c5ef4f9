#include "compare/round.h"

#include <gtest/gtest.h>

#include <map>

namespace socktap::bench {
namespace {

TEST(Turns, EveryCaseComesOnceARound) {
  const auto turns = draw_turns(5, 4, 7);
  ASSERT_EQ(turns.size(), 20u);
  for (std::size_t round = 0; round < 4; ++round) {
    std::map<std::size_t, int> counts;
    for (std::size_t i = 0; i < 5; ++i) ++counts[turns[round * 5 + i].index];
    for (std::size_t one = 0; one < 5; ++one) EXPECT_EQ(counts[one], 1) << round;
  }
}

TEST(Turns, HalfOfACasesRoundsBeginUntraced) {
  std::map<std::size_t, int> untraced_first;
  for (const Turn& turn : draw_turns(10, 6, 1))
    untraced_first[turn.index] += turn.untraced_first ? 1 : 0;
  for (std::size_t one = 0; one < 10; ++one) EXPECT_EQ(untraced_first[one], 3) << one;
}

TEST(Turns, AreTheSeeds) {
  const auto order = [](std::uint64_t seed) {
    std::vector<std::size_t> indices;
    for (const Turn& turn : draw_turns(20, 1, seed)) indices.push_back(turn.index);
    return indices;
  };
  EXPECT_EQ(order(1), order(1));
  EXPECT_NE(order(1), order(2));
}

Sample sample(std::uint64_t untraced_cpu, std::uint64_t traced_cpu, std::uint64_t seen) {
  Sample one;
  one.untraced = {1000, untraced_cpu, 0.001};
  one.traced = {1000, traced_cpu, 0.002};
  one.own_cpu_ns = 50'000;
  one.peak_kb = 2048;
  one.seen = seen;
  return one;
}

Case counting() { return {"", &subject("socktap count"), {}}; }

TEST(Summary, DifferencesAreOfEachRoundAndTheirMedianCounts) {
  const Measured all =
      summary_of(counting(), {sample(400'000, 500'000, 1000), sample(800'000, 880'000, 1000),
                              sample(400'000, 490'000, 1000)});
  EXPECT_EQ(all.rounds, 3u);
  EXPECT_EQ(all.added_ns, (Spread{90, 80, 100}));
  EXPECT_EQ(all.ratio, (Spread{1.225, 1.1, 1.25}));
  EXPECT_EQ(all.own_ns, (Spread{50, 50, 50}));
  EXPECT_DOUBLE_EQ(all.rate, 500'000);
  EXPECT_DOUBLE_EQ(all.peak_mb, 2);
  EXPECT_EQ(all.missing, 0u);
}

TEST(Summary, WhatIsNotInTheOutputIsMissing) {
  const Measured all =
      summary_of(counting(), {sample(400'000, 500'000, 990), sample(400'000, 500'000, 1000)});
  EXPECT_EQ(all.made, 2000u);
  EXPECT_EQ(all.missing, 10u);
  EXPECT_DOUBLE_EQ(all.missing_share(), 0.005);
}

TEST(Summary, RequestsAreNotWhatATracerSees) {
  Case requests = counting();
  requests.makes_events = false;
  EXPECT_EQ(summary_of(requests, {sample(1, 2, 7)}).missing, std::nullopt);
}

TEST(Summary, OfNoRoundsIsNotMeasured) { EXPECT_FALSE(summary_of(counting(), {}).is_measured()); }

}  // namespace
}  // namespace socktap::bench
