#include "vm/statistic.h"

#include <gtest/gtest.h>

#include <random>

namespace socktap::vm {
namespace {

using language::bucket_count;
using language::bucket_of;
using language::log_bucket_of_zero;
using language::log_buckets;

constexpr StatisticShape plain{};
constexpr StatisticShape with_log{{Histogram::Kind::log, 0, 0, 0}, false};

StatisticShape linear(std::int64_t low, std::int64_t high, std::int64_t width) {
  return {{Histogram::Kind::linear, low, high, width}, false};
}

Statistic of(const std::vector<std::int64_t>& values, const StatisticShape& shape) {
  Statistic statistic;
  for (const std::int64_t value : values) statistic.add(value, shape);
  return statistic;
}

TEST(Statistic, AnEmptyOneCountsAndSumsToZero) {
  const Statistic empty;
  EXPECT_TRUE(empty.empty());
  EXPECT_EQ(empty.count(), 0);
  EXPECT_EQ(empty.sum(), 0);
  EXPECT_TRUE(empty.buckets().empty());
}

TEST(Statistic, PlainExtractors) {
  struct Case {
    std::vector<std::int64_t> values;
    std::int64_t sum, min, max, avg;
  };
  const Case cases[] = {
      {{5}, 5, 5, 5, 5},         {{5, 7}, 12, 5, 7, 6},
      {{1, 2}, 3, 1, 2, 1},      {{-1, -2}, -3, -2, -1, -1},
      {{-5, 5, 3}, 3, -5, 5, 1}, {{INT64_MAX, 1}, INT64_MIN, 1, INT64_MAX, INT64_MIN / 2},
  };
  for (const Case& c : cases) {
    const Statistic statistic = of(c.values, plain);
    EXPECT_EQ(statistic.count(), static_cast<std::int64_t>(c.values.size()));
    EXPECT_EQ(statistic.sum(), c.sum);
    EXPECT_EQ(statistic.min(), c.min);
    EXPECT_EQ(statistic.max(), c.max);
    EXPECT_EQ(statistic.avg(), c.avg);
  }
}

// Figures of SystemTap 4.8, but for the last three, where its own overflow.
TEST(Statistic, VarianceIsSystemTaps) {
  struct Case {
    std::vector<std::int64_t> values;
    std::uint8_t shift;
    std::int64_t of_scalar, of_element;
  };
  constexpr std::int64_t trillion = 1'000'000'000'000;
  const Case cases[] = {
      {{7}, 0, 0, 0},
      {{7, 7, 7}, 0, 0, 0},
      {{1, 2}, 0, 1, 1},
      {{1, 2, 3, 4}, 0, 5, 4},
      {{1, 2, 3, 4}, 2, 1, 1},
      {{2, 4, 4, 4, 5, 5, 7, 9}, 0, 13, 9},
      {{-1, -2, -7}, 0, 12, 12},
      {{-1, -2, -7}, 3, 10, 10},
      {{0, 1}, 5, 0, 0},
      {{1000000, 1000001, 1000003}, 0, 3, 3},
      {{-5, 5}, 0, 50, 50},
      {{trillion, trillion + 5, trillion + 9}, 0, 25, 25},
      {{trillion, trillion + 5, trillion + 9}, 8, 20, 20},
      {{3'000'000'000, 1}, 0, 4'499'999'998'500'000'002, 4'499'999'998'500'000'000},
      {{-3'000'000'000, 3'000'000'000}, 0, INT64_MAX, INT64_MAX},  // 1.8e19
      {{INT64_MAX, INT64_MAX - 2, INT64_MAX - 4, INT64_MAX - 6, INT64_MAX - 8}, 20, 10, 10},
  };
  for (const Case& c : cases) {
    StatisticShape shape{{}, true, c.shift, false};
    EXPECT_EQ(of(c.values, shape).variance(shape), c.of_scalar) << testing::PrintToString(c.values);
    shape.is_element = true;
    EXPECT_EQ(of(c.values, shape).variance(shape), c.of_element)
        << testing::PrintToString(c.values);
  }
}

TEST(Statistic, MergingGivesWhatAddingToOneWouldHave) {
  const StatisticShape shapes[] = {plain,
                                   {{}, true, 16},
                                   with_log,
                                   linear(-100, 100, 7),
                                   {{Histogram::Kind::log, 0, 0, 0}, true, 16}};
  std::mt19937_64 random(1);
  for (const StatisticShape& shape : shapes) {
    Statistic whole;
    std::vector<Statistic> parts(4);
    for (int i = 0; i < 5000; ++i) {
      const auto value = static_cast<std::int64_t>(random()) >> (34 + random() % 30);
      whole.add(value, shape);
      parts[random() % parts.size()].add(value, shape);
    }
    // ((0 + 1) + 2) + 3 and 3 + (2 + (1 + 0))
    Statistic left;
    for (const Statistic& part : parts) left.merge(part, shape);
    Statistic right;
    for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
      Statistic sum = *part;
      sum.merge(right, shape);
      right = sum;
    }
    for (const Statistic* merged : {&left, &right}) {
      EXPECT_EQ(merged->count(), whole.count());
      EXPECT_EQ(merged->sum(), whole.sum());
      EXPECT_EQ(merged->min(), whole.min());
      EXPECT_EQ(merged->max(), whole.max());
      // With so many bits of the mean's fraction hardly anything is lost.
      const auto variance = static_cast<double>(whole.variance(shape));
      EXPECT_NEAR(static_cast<double>(merged->variance(shape)), variance, variance * 1e-6);
      EXPECT_TRUE(std::ranges::equal(merged->buckets(), whole.buckets()));
    }
  }
}

TEST(Statistic, MergesPartsKeptElsewhere) {
  const StatisticShape shape{{Histogram::Kind::log, 0, 0, 0}};
  std::vector<std::uint64_t> buckets(log_buckets);
  buckets[67] = 2;  // 4 ... 7
  Statistic statistic = of({1}, shape);
  EXPECT_TRUE(statistic.merge(StatisticParts{2, 11, 5, 6, buckets}, shape));
  // Nothing: its min and max count for nothing.
  EXPECT_TRUE(statistic.merge(StatisticParts{}, shape));
  const Statistic expected = of({1, 5, 6}, shape);
  EXPECT_EQ(statistic.sum(), 12);
  EXPECT_EQ(statistic.min(), 1);
  EXPECT_EQ(statistic.max(), 6);
  EXPECT_TRUE(std::ranges::equal(statistic.buckets(), expected.buckets()));
}

TEST(Statistic, RefusesPartsOfAnotherShape) {
  const StatisticShape shape{{Histogram::Kind::log, 0, 0, 0}, false};
  const std::vector<std::uint64_t> few(log_buckets - 1), many(log_buckets + 1);
  Statistic statistic = of({1}, shape);
  EXPECT_FALSE(statistic.merge(StatisticParts{2, 11, 5, 6, {}}, shape));
  EXPECT_FALSE(statistic.merge(StatisticParts{2, 11, 5, 6, few}, shape));
  EXPECT_FALSE(statistic.merge(StatisticParts{2, 11, 5, 6, many}, shape));
  EXPECT_FALSE(statistic.merge(StatisticParts{2, 11, 5, 6, many}, {}));
  EXPECT_EQ(statistic.count(), 1);
  EXPECT_EQ(statistic.max(), 1);
}

TEST(Statistic, CopiesAreIndependent) {
  Statistic original = of({1, 2}, with_log);
  Statistic copy = original;
  copy.add(4, with_log);
  EXPECT_EQ(original.bucket(67), 0u);
  EXPECT_EQ(copy.bucket(67), 1u);
  copy = original;
  EXPECT_EQ(copy.count(), 2);
  EXPECT_EQ(copy.bucket(67), 0u);
}

TEST(Statistic, ClearedIsAsNew) {
  const StatisticShape shape{{Histogram::Kind::log, 0, 0, 0}, true};
  Statistic statistic = of({-5, 1000}, shape);
  statistic.clear();
  EXPECT_TRUE(statistic.empty());
  EXPECT_EQ(statistic.sum(), 0);
  EXPECT_TRUE(statistic.buckets().empty());
  Statistic sum = of({7}, shape);
  sum.merge(statistic, shape);
  EXPECT_EQ(sum.count(), 1);
  for (const std::int64_t value : {3, 4}) statistic.add(value, shape);
  const Statistic expected = of({3, 4}, shape);
  EXPECT_EQ(statistic.min(), 3);
  EXPECT_EQ(statistic.max(), 4);
  EXPECT_EQ(statistic.variance(shape), expected.variance(shape));
  EXPECT_TRUE(std::ranges::equal(statistic.buckets(), expected.buckets()));
}

TEST(Statistic, IsSmallWithoutDetail) { EXPECT_LE(sizeof(Statistic), 40u); }

TEST(Histogram, LogarithmicBuckets) {
  struct Case {
    std::int64_t value;
    std::size_t bucket;
    std::int64_t label;
  };
  const Case cases[] = {
      {0, 64, 0},
      {1, 65, 1},
      {2, 66, 2},
      {3, 66, 2},
      {4, 67, 4},
      {1023, 74, 512},
      {1024, 75, 1024},
      {65535, 80, 32768},
      {65536, 81, 65536},
      {INT64_MAX, 127, std::int64_t{1} << 62},
      {-1, 63, -1},
      {-2, 62, -2},
      {-3, 62, -2},
      {-1024, 53, -1024},
      {-INT64_MAX, 1, -(std::int64_t{1} << 62)},
      {INT64_MIN, 0, INT64_MIN},
  };
  const Histogram log{Histogram::Kind::log, 0, 0, 0};
  EXPECT_EQ(bucket_count(log), 128u);
  for (const Case& c : cases) {
    EXPECT_EQ(bucket_of(log, c.value), c.bucket) << c.value;
    EXPECT_EQ(bucket_label(log, c.bucket), c.label) << c.value;
  }
}

TEST(Histogram, LinearBuckets) {
  struct Case {
    std::int64_t low, high, width, value;
    std::size_t bucket;
    std::int64_t label;
  };
  const Case cases[] = {
      {0, 100, 10, -1, 0, 0},
      {0, 100, 10, 0, 1, 0},
      {0, 100, 10, 9, 1, 0},
      {0, 100, 10, 10, 2, 10},
      {0, 100, 10, 99, 10, 90},
      {0, 100, 10, 100, 11, 100},
      {0, 100, 10, 109, 11, 100},
      {0, 100, 10, 110, 12, 100},
      {0, 100, 10, INT64_MAX, 12, 100},
      {0, 100, 10, INT64_MIN, 0, 0},
      {-50, 50, 25, -50, 1, -50},
      {-50, 50, 25, -1, 2, -25},
      {-50, 50, 25, 50, 5, 50},
      {-50, 50, 25, INT64_MAX, 6, 50},
      {0, 25, 10, 29, 3, 20},
      {0, 25, 10, 30, 4, 20},
      {1, 3, 1, 3, 3, 3},
      {1, 3, 1, 4, 4, 3},
  };
  for (const Case& c : cases) {
    const Histogram histogram{Histogram::Kind::linear, c.low, c.high, c.width};
    EXPECT_EQ(bucket_of(histogram, c.value), c.bucket) << c.value;
    EXPECT_EQ(bucket_label(histogram, c.bucket), c.label) << c.value;
  }
  EXPECT_EQ(bucket_count({Histogram::Kind::linear, 0, 100, 10}), 13u);
  EXPECT_EQ(bucket_count({Histogram::Kind::linear, 0, 25, 10}), 5u);
  EXPECT_EQ(bucket_count({}), 0u);
}

}  // namespace
}  // namespace socktap::vm
