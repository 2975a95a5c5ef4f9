// The buckets of a histogram, as arithmetic on its shape.
//
// Logarithmic: 128 buckets. 64 holds the zeros, 65 + n the values from 2^n to 2^(n+1) - 1, and
// 63 - n those from -2^n to -(2^(n+1) - 1); 0 holds only the smallest number there is.
// Linear: bucket 0 holds what is below `low`; bucket 1 + n the values from low + n * width on, up
// to the one that `high` falls into; the last bucket what is above that.
#pragma once

#include <cstddef>
#include <cstdint>

#include "language/typed_program.h"

namespace socktap::language {

inline constexpr std::size_t log_buckets = 128;
inline constexpr std::size_t log_bucket_of_zero = 64;

// 0 if it has none. Requires low <= high and width > 0 of a linear one.
std::size_t bucket_count(const Histogram& histogram);

// The bucket that takes `value`; below bucket_count().
std::size_t bucket_of(const Histogram& histogram, std::int64_t value);

// The value that a bucket's row is labelled with: of a linear one's first bucket `low`, of its last
// the label of the bucket before it (the row reads "<low" and ">label").
std::int64_t bucket_label(const Histogram& histogram, std::size_t bucket);

}  // namespace socktap::language
