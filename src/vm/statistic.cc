#include "vm/statistic.h"

#include <algorithm>
#include <cassert>

namespace socktap::vm {
namespace {

// Modulo 2^128: only values so far apart that their variance does not fit go beyond it.
int128 product(int128 a, int128 b) {
  return static_cast<int128>(static_cast<uint128>(a) * static_cast<uint128>(b));
}

int128 sum_of(int128 a, int128 b) {
  return static_cast<int128>(static_cast<uint128>(a) + static_cast<uint128>(b));
}

int128 shifted(int128 value, const StatisticShape& shape) {
  return static_cast<int128>(static_cast<uint128>(value) << shape.variance_shift);
}

void add_to(Spread& spread, std::int64_t value, std::int64_t count, const StatisticShape& shape) {
  const int128 scaled = shifted(value, shape);
  spread.sum += value;
  if (count == 1) {
    spread.mean = scaled;
    return;
  }
  const int128 distance = sum_of(scaled, -spread.mean);
  spread.mean = sum_of(spread.mean, distance / count);
  spread.squares = sum_of(spread.squares, product(distance, sum_of(scaled, -spread.mean)));
}

// What the variance of `count` values adds up to around another mean.
int128 squares_around(int128 mean, const Spread& spread, std::int64_t count) {
  if (count == 0) return 0;
  const int128 distance = sum_of(spread.mean, -mean);
  const int128 within = count < 2 ? 0 : product(spread.squares / (count - 1), count - 1);
  return sum_of(product(count, product(distance, distance)), within);
}

}  // namespace

StatisticShape shape_of(const language::Global& global) {
  return {global.histogram, global.keeps_variance, static_cast<std::uint8_t>(global.variance_shift),
          !global.keys.empty()};
}

Statistic::Statistic(const Statistic& other)
    : count_(other.count_),
      sum_(other.sum_),
      min_(other.min_),
      max_(other.max_),
      detail_(other.detail_ ? std::make_unique<Detail>(*other.detail_) : nullptr) {}

Statistic& Statistic::operator=(const Statistic& other) {
  if (this != &other) *this = Statistic(other);
  return *this;
}

void Statistic::clear() {
  count_ = min_ = max_ = 0;
  sum_ = 0;
  if (!detail_) return;
  detail_->spread = {};
  std::fill(detail_->buckets.begin(), detail_->buckets.end(), 0);
}

Statistic::Detail& Statistic::detail(const StatisticShape& shape) {
  if (!detail_) {
    detail_ = std::make_unique<Detail>();
    detail_->buckets.resize(bucket_count(shape.histogram));
  }
  return *detail_;
}

void Statistic::add_detail(std::int64_t value, const StatisticShape& shape) {
  Detail& kept = detail(shape);
  if (shape.variance) add_to(kept.spread, value, count_, shape);
  if (!kept.buckets.empty()) ++kept.buckets[bucket_of(shape.histogram, value)];
}

void Statistic::merge(const Statistic& other, const StatisticShape& shape) {
  if (shape.variance && !other.empty()) {
    Spread& spread = detail(shape).spread;
    const Spread& more = other.detail_->spread;
    const int128 sum = spread.sum + more.sum;
    const int128 mean = shifted(sum, shape) / (count_ + other.count_);
    const int128 squares =
        sum_of(squares_around(mean, spread, count_), squares_around(mean, more, other.count_));
    spread = {sum, mean, squares};
  }
  StatisticParts parts{other.count_, other.sum(), other.min_, other.max_, {}};
  if (other.detail_) parts.buckets = other.detail_->buckets;
  [[maybe_unused]] const bool fits = merge(parts, shape);
  assert(fits);
}

bool Statistic::merge(const StatisticParts& other, const StatisticShape& shape) {
  if (other.count == 0) return true;
  if (other.buckets.size() != bucket_count(shape.histogram)) return false;
  if (count_ == 0 || other.min < min_) min_ = other.min;
  if (count_ == 0 || other.max > max_) max_ = other.max;
  count_ += other.count;
  sum_ += static_cast<std::uint64_t>(other.sum);
  if (shape.plain()) return true;
  Detail& kept = detail(shape);
  for (std::size_t i = 0; i < kept.buckets.size(); ++i) kept.buckets[i] += other.buckets[i];
  return true;
}

std::int64_t Statistic::avg() const {
  assert(count_ > 0);
  return sum() / count_;
}

std::int64_t Statistic::variance(const StatisticShape& shape) const {
  assert(count_ > 0);
  if (count_ < 2 || !detail_) return 0;
  const Spread& spread = detail_->spread;
  const int128 mean = shape.is_element ? spread.mean : shifted(spread.sum, shape) / count_;
  const int128 variance = squares_around(mean, spread, count_) / (count_ - 1);
  const int128 unscaled = variance >> (2 * shape.variance_shift);
  return static_cast<std::int64_t>(std::clamp<int128>(unscaled, INT64_MIN, INT64_MAX));
}

std::span<const std::uint64_t> Statistic::buckets() const {
  if (!detail_ || empty()) return {};
  return detail_->buckets;
}

std::uint64_t Statistic::bucket(std::size_t index) const {
  return detail_ && index < detail_->buckets.size() ? detail_->buckets[index] : 0;
}

std::int64_t extract(const Statistic& statistic, language::StatFunction function,
                     const StatisticShape& shape) {
  using language::StatFunction;
  if (statistic.empty()) return 0;
  switch (function) {
    case StatFunction::count:
      return statistic.count();
    case StatFunction::sum:
      return statistic.sum();
    case StatFunction::min:
      return statistic.min();
    case StatFunction::max:
      return statistic.max();
    case StatFunction::avg:
      return statistic.avg();
    case StatFunction::variance:
      return statistic.variance(shape);
  }
  return 0;
}

}  // namespace socktap::vm
