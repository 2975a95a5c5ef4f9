#include "language/histogram.h"

#include <algorithm>
#include <bit>
#include <cassert>

namespace socktap::language {
namespace {

constexpr std::uint64_t unsigned_of(std::int64_t value) {
  return static_cast<std::uint64_t>(value);
}

constexpr std::size_t log_bucket_of(std::int64_t value) {
  if (value == 0) return log_bucket_of_zero;
  const bool negative = value < 0;
  const std::uint64_t magnitude = negative ? 0 - unsigned_of(value) : unsigned_of(value);
  const std::size_t distance = static_cast<std::size_t>(std::bit_width(magnitude));  // 1 ... 64
  return negative ? log_bucket_of_zero - distance : log_bucket_of_zero + distance;
}

// The wrapping difference of two numbers in order is their distance, however far apart they are.
std::size_t linear_bucket_of(const Histogram& histogram, std::int64_t value) {
  if (value < histogram.low) return 0;
  const std::uint64_t distance = unsigned_of(value) - unsigned_of(histogram.low);
  const std::uint64_t step = distance / unsigned_of(histogram.width);
  const std::size_t last = bucket_count(histogram) - 1;
  return step >= last - 1 ? last : static_cast<std::size_t>(step) + 1;
}

}  // namespace

std::size_t bucket_count(const Histogram& histogram) {
  switch (histogram.kind) {
    case Histogram::Kind::log:
      return log_buckets;
    case Histogram::Kind::linear: {
      assert(histogram.low <= histogram.high && histogram.width > 0);
      const std::uint64_t range = unsigned_of(histogram.high) - unsigned_of(histogram.low);
      return static_cast<std::size_t>(range / unsigned_of(histogram.width)) + 3;
    }
    case Histogram::Kind::none:
      break;
  }
  return 0;
}

std::size_t bucket_of(const Histogram& histogram, std::int64_t value) {
  assert(histogram.kind != Histogram::Kind::none);
  return histogram.kind == Histogram::Kind::log ? log_bucket_of(value)
                                                : linear_bucket_of(histogram, value);
}

std::int64_t bucket_label(const Histogram& histogram, std::size_t bucket) {
  if (histogram.kind == Histogram::Kind::log) {
    if (bucket == log_bucket_of_zero) return 0;
    if (bucket > log_bucket_of_zero) return std::int64_t{1} << (bucket - log_bucket_of_zero - 1);
    return INT64_MIN >> bucket;
  }
  // What is above the last regular bucket is labelled with that bucket's value, what is below the
  // first one with the first one's.
  const std::size_t regular = std::clamp<std::size_t>(bucket, 1, bucket_count(histogram) - 2);
  return static_cast<std::int64_t>(unsigned_of(histogram.low) +
                                   (regular - 1) * unsigned_of(histogram.width));
}

}  // namespace socktap::language
