// What `<<<` adds to: count, sum, smallest, largest and, where the script asks for them, variance
// and a histogram.
//
// Every part but the variance is exact whatever the order of adding and merging, so that partial
// statistics of several CPUs merge into what one alone would have counted. The variance is
// SystemTap's: Welford's running mean in integers, whose remainders are lost, of a scalar corrected
// by the mean in the end. Merged, it is a little different from what one alone would have, there as
// here. Where SystemTap's overflows (from values 2^31 apart on), this does not: it has 128 bits.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "language/histogram.h"
#include "vm/int128.h"

namespace socktap::vm {

using language::Histogram;

// What a statistic keeps beside count, sum, min and max: the same for all elements of an array.
struct StatisticShape {
  Histogram histogram;
  bool variance = false;
  std::uint8_t variance_shift = 0;  // @variance's: so many bits of the mean's fraction are kept
  bool is_element = false;          // of an array; else a scalar

  bool plain() const { return !variance && histogram.kind == Histogram::Kind::none; }
  bool operator==(const StatisticShape&) const = default;
};

StatisticShape shape_of(const language::Global& global);

// A statistic's raw parts, as another place (the kernel) has kept them. `buckets` only with a
// histogram, then bucket_count() of them.
struct StatisticParts {
  std::int64_t count = 0;
  std::int64_t sum = 0;
  std::int64_t min = 0, max = 0;
  std::span<const std::uint64_t> buckets;
};

// The variance's parts. Means and distances from them are shifted by the shape's variance_shift.
struct Spread {
  int128 sum = 0;  // not shifted; it does not wrap
  int128 mean = 0;
  int128 squares = 0;  // of the distances, summed
};

// 40 bytes, and one allocation more when the shape is not plain. The shape is passed to what needs
// it, always the same one.
class Statistic {
 public:
  Statistic() = default;
  Statistic(const Statistic& other);
  Statistic& operator=(const Statistic& other);
  Statistic(Statistic&&) noexcept = default;
  Statistic& operator=(Statistic&&) noexcept = default;
  ~Statistic() = default;

  void add(std::int64_t value, const StatisticShape& shape) {
    if (count_ == 0 || value < min_) min_ = value;
    if (count_ == 0 || value > max_) max_ = value;
    ++count_;
    sum_ += static_cast<std::uint64_t>(value);
    if (!shape.plain()) add_detail(value, shape);
  }

  // Empties it; the histogram's memory stays for what comes next.
  void clear();

  void merge(const Statistic& other, const StatisticShape& shape);
  // Of a shape without variance. False, and nothing done, if there are not as many buckets as the
  // shape has.
  [[nodiscard]] bool merge(const StatisticParts& other, const StatisticShape& shape);

  bool empty() const { return count_ == 0; }
  std::int64_t count() const { return count_; }
  std::int64_t sum() const { return static_cast<std::int64_t>(sum_); }  // wraps

  // Of a statistic that is not empty; of an empty one the run-time error is the caller's.
  std::int64_t min() const { return min_; }
  std::int64_t max() const { return max_; }
  std::int64_t avg() const;  // sum() / count(), towards zero

  // The sample variance (divisor count - 1); 0 of a single value; at most INT64_MAX.
  std::int64_t variance(const StatisticShape& shape) const;

  // How many values each bucket holds: bucket_count() of them, or none of an empty statistic or
  // one without histogram.
  std::span<const std::uint64_t> buckets() const;
  std::uint64_t bucket(std::size_t index) const;  // 0 of an empty one

 private:
  struct Detail {
    Spread spread;
    std::vector<std::uint64_t> buckets;
  };

  void add_detail(std::int64_t value, const StatisticShape& shape);
  Detail& detail(const StatisticShape& shape);

  std::int64_t count_ = 0;
  std::uint64_t sum_ = 0;
  std::int64_t min_ = 0;
  std::int64_t max_ = 0;
  std::unique_ptr<Detail> detail_;
};

// @count and its kin, as a sort sees them: 0 of an empty one.
std::int64_t extract(const Statistic& statistic, language::StatFunction function,
                     const StatisticShape& shape);

}  // namespace socktap::vm
