// A histogram as print(@hist_log(s)) draws it: the label of each bucket, a bar of at most 50 '@',
// the count.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "language/histogram.h"

namespace socktap::vm {

using language::Histogram;

// Appends the drawing, an empty line included, to `out`. `buckets` are bucket_count() of them;
// there is nothing to draw of an empty statistic, for which the run-time error is the caller's.
// Empty rows shrink to one '~' unless they are within `elision` rows of one that is not; below 0
// none does.
void draw_histogram(const Histogram& histogram, std::span<const std::uint64_t> buckets,
                    std::int64_t elision, std::string& out);

}  // namespace socktap::vm
