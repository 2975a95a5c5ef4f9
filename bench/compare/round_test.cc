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
    for (std::size_t i = 0; i < 5; ++i) ++counts[turns[round * 5 + i]];
    for (std::size_t one = 0; one < 5; ++one) EXPECT_EQ(counts[one], 1) << round;
  }
}

TEST(Turns, AreTheSeeds) {
  EXPECT_EQ(draw_turns(20, 1, 1), draw_turns(20, 1, 1));
  EXPECT_NE(draw_turns(20, 1, 1), draw_turns(20, 1, 2));
}

Sample sample(std::uint64_t untraced_cpu, std::uint64_t traced_cpu, std::uint64_t seen) {
  Sample one;
  one.before = one.after = {1000, untraced_cpu, 0.001};
  one.traced = {1000, traced_cpu, 0.002};
  one.own_cpu_ns = 50'000;
  one.peak_kb = 2048;
  one.seen = seen;
  return one;
}

Case counting() { return {"", &subject("socktap count"), {}}; }

TEST(Summary, DifferencesAreOfEachRoundAndTheirMedianCounts) {
  const Measured all =
      summary_of(counting(), {sample(400'000, 500'000, 1000), sample(500'000, 580'000, 1000),
                              sample(400'000, 490'000, 1000), sample(900'000, 900'000, 1000),
                              sample(800'000, 900'000, 1000)});
  EXPECT_EQ(all.rounds, 5u);
  EXPECT_EQ(all.added_ns, (Spread{90, 80, 100}));
  EXPECT_EQ(all.ratio, (Spread{1.225, 1.16, 1.25}));
  EXPECT_EQ(all.own_ns, (Spread{50, 50, 50}));
  EXPECT_DOUBLE_EQ(all.rate, 500'000);
  EXPECT_DOUBLE_EQ(all.peak_mb, 2);
  EXPECT_EQ(all.made, 5000u) << "all rounds count for what was lost";
  EXPECT_EQ(all.missing, 0u);
}

TEST(Summary, RoundsAreAsQuietAsTheSlowerUntracedBatch) {
  Sample disturbed = sample(300'000, 900'000, 1000);
  disturbed.after.cpu_ns = 700'000;
  const auto quiet = quieter_half({disturbed, sample(400'000, 500'000, 1000)});
  ASSERT_EQ(quiet.size(), 1u);
  EXPECT_DOUBLE_EQ(quiet[0].untraced_ns(), 400);
  EXPECT_DOUBLE_EQ(disturbed.untraced_ns(), 500);
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
