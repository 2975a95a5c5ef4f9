#include "vm/histogram_text.h"

#include "vm/limits.h"

#include <gtest/gtest.h>

#include "vm/statistic.h"

namespace socktap::vm {
namespace {

struct Repeated {
  std::int64_t value;
  int times;
};

std::string drawing(const Histogram& histogram, const std::vector<Repeated>& values) {
  const StatisticShape shape{histogram, false};
  Statistic statistic;
  for (const Repeated& each : values) {
    for (int i = 0; i < each.times; ++i) statistic.add(each.value, shape);
  }
  std::string out;
  draw_histogram(histogram, statistic.buckets(), Limits{}.hist_elision, out);
  return out;
}

constexpr Histogram log_histogram{Histogram::Kind::log, 0, 0, 0};

Histogram linear(std::int64_t low, std::int64_t high, std::int64_t width) {
  return {Histogram::Kind::linear, low, high, width};
}

TEST(HistogramText, NothingForNothing) { EXPECT_EQ(drawing(log_histogram, {}), ""); }

TEST(HistogramText, LogarithmicShowsTwoEmptyRowsOnEitherSideButNoNegativeOnes) {
  EXPECT_EQ(drawing(log_histogram, {{1, 3}, {2, 1}, {9, 1}}),
            "value |-------------------------------------------------- count\n"
            "    0 |                                                   0\n"
            "    1 |@@@                                                3\n"
            "    2 |@                                                  1\n"
            "    4 |                                                   0\n"
            "    8 |@                                                  1\n"
            "   16 |                                                   0\n"
            "   32 |                                                   0\n"
            "\n");
}

TEST(HistogramText, EmptyRunsShrinkToATilde) {
  EXPECT_EQ(drawing(log_histogram, {{1, 1}, {1 << 20, 2}}),
            "  value |-------------------------------------------------- count\n"
            "      0 |                                                   0\n"
            "      1 |@                                                  1\n"
            "      2 |                                                   0\n"
            "      4 |                                                   0\n"
            "        ~\n"
            " 262144 |                                                   0\n"
            " 524288 |                                                   0\n"
            "1048576 |@@                                                 2\n"
            "2097152 |                                                   0\n"
            "4194304 |                                                   0\n"
            "\n");
}

TEST(HistogramText, NegativeValuesBringTheirRows) {
  EXPECT_EQ(drawing(log_histogram, {{-5, 1}, {0, 1}}),
            "value |-------------------------------------------------- count\n"
            "  -16 |                                                   0\n"
            "   -8 |                                                   0\n"
            "   -4 |@                                                  1\n"
            "   -2 |                                                   0\n"
            "   -1 |                                                   0\n"
            "    0 |@                                                  1\n"
            "    1 |                                                   0\n"
            "    2 |                                                   0\n"
            "\n");
}

TEST(HistogramText, BarsAreScaledToFiftyAndRoundDown) {
  // The largest, 101, takes 3 a '@'.
  EXPECT_EQ(drawing(log_histogram, {{1, 101}, {2, 50}, {4, 2}}),
            "value |-------------------------------------------------- count\n"
            "    0 |                                                     0\n"
            "    1 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@                  101\n"
            "    2 |@@@@@@@@@@@@@@@@                                    50\n"
            "    4 |                                                     2\n"
            "    8 |                                                     0\n"
            "   16 |                                                     0\n"
            "\n");
}

TEST(HistogramText, FiftyFitWithoutScale) {
  EXPECT_EQ(drawing(linear(0, 2, 1), {{1, 50}}),
            "value |-------------------------------------------------- count\n"
            "    0 |                                                    0\n"
            "    1 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@ 50\n"
            "    2 |                                                    0\n"
            "\n");
}

TEST(HistogramText, LinearOutOfRangeRowsAppearWithTheirMark) {
  EXPECT_EQ(drawing(linear(1, 3, 1), {{-100, 1}, {1, 1}, {2, 1}, {3, 1}, {100, 1}}),
            "value |-------------------------------------------------- count\n"
            "   <1 |@                                                  1\n"
            "    1 |@                                                  1\n"
            "    2 |@                                                  1\n"
            "    3 |@                                                  1\n"
            "   >3 |@                                                  1\n"
            "\n");
}

TEST(HistogramText, LinearElidesAndMeasuresLabelsAboveTheLastRow) {
  EXPECT_EQ(drawing(linear(0, 1000000, 10000), {{5, 1}, {990000, 2}}),
            "  value |-------------------------------------------------- count\n"
            "      0 |@                                                  1\n"
            "  10000 |                                                   0\n"
            "  20000 |                                                   0\n"
            "        ~\n"
            " 970000 |                                                   0\n"
            " 980000 |                                                   0\n"
            " 990000 |@@                                                 2\n"
            "1000000 |                                                   0\n"
            "\n");
  EXPECT_EQ(drawing(linear(-10000, 10000, 10000), {{-20000, 1}}),
            "  value |-------------------------------------------------- count\n"
            "<-10000 |@                                                  1\n"
            " -10000 |                                                   0\n"
            "      0 |                                                   0\n"
            "\n");
}

}  // namespace
}  // namespace socktap::vm
