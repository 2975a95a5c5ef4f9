#include "vm/statistic.h"

#include <algorithm>
#include <cassert>

namespace socktap::vm {
namespace {

uint128 square(std::int64_t value) {
  const int128 wide = value;
  return static_cast<uint128>(wide * wide);
}

struct Quotient {
  int128 whole;
  int128 rest;  // 0 ... divisor - 1
};

Quotient divide_down(int128 dividend, int128 divisor) {
  Quotient result{dividend / divisor, dividend % divisor};
  if (result.rest < 0) {
    result.rest += divisor;
    --result.whole;
  }
  return result;
}

}  // namespace

StatisticShape shape_of(const language::Global& global) {
  return {global.histogram, global.keeps_variance};
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
  detail_->sum = 0;
  detail_->squares = 0;
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
  if (shape.variance) {
    kept.sum += value;
    kept.squares += square(value);
  }
  if (!kept.buckets.empty()) ++kept.buckets[bucket_of(shape.histogram, value)];
}

void Statistic::merge(const Statistic& other, const StatisticShape& shape) {
  StatisticParts parts{
      other.count_, static_cast<std::int64_t>(other.sum_), other.min_, other.max_, 0, {}};
  if (other.detail_) {
    parts.squares = other.detail_->squares;
    parts.buckets = other.detail_->buckets;
    if (shape.variance) parts.sum = other.detail_->sum;
  }
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
  if (shape.variance) {
    kept.sum += other.sum;
    kept.squares += other.squares;
  }
  for (std::size_t i = 0; i < kept.buckets.size(); ++i) kept.buckets[i] += other.buckets[i];
  return true;
}

std::int64_t Statistic::avg() const {
  assert(count_ > 0);
  return sum() / count_;
}

// With S the sum, Q the sum of squares and S = q n + r, the sum of squared distances from the mean
// is M = Q - S^2/n = (Q - q (q n + 2 r)) - r^2/n. The bracket is an integer that is at least 0 and
// little more than M, so computing it modulo 2^128 gives it exactly although Q and its like may
// have wrapped: large values close to each other (times, addresses) lose nothing.
std::int64_t Statistic::variance() const {
  assert(count_ > 0);
  if (count_ < 2 || !detail_) return 0;
  const Quotient mean = divide_down(detail_->sum, count_);
  const uint128 n = static_cast<uint128>(count_);
  const uint128 q = static_cast<uint128>(mean.whole);
  const uint128 r = static_cast<uint128>(mean.rest);
  const uint128 bracket = detail_->squares - q * (q * n + 2 * r);
  const uint128 distances = bracket - (r * r + n - 1) / n;  // M rounded down
  return static_cast<std::int64_t>(std::min<uint128>(distances / (n - 1), INT64_MAX));
}

std::span<const std::uint64_t> Statistic::buckets() const {
  if (!detail_ || empty()) return {};
  return detail_->buckets;
}

std::uint64_t Statistic::bucket(std::size_t index) const {
  return detail_ && index < detail_->buckets.size() ? detail_->buckets[index] : 0;
}

std::int64_t extract(const Statistic& statistic, language::StatFunction function) {
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
      return statistic.variance();
  }
  return 0;
}

}  // namespace socktap::vm
