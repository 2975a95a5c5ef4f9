// What many rounds come to: the median, and between what it lies.
#pragma once

#include <vector>

namespace socktap::bench {

struct Spread {
  double median = 0;
  double least = 0;
  double most = 0;

  bool operator==(const Spread&) const = default;
};

// Of an even number of values the median is the mean of the two in the middle; of none all is 0.
Spread spread_of(std::vector<double> values);

// The least that a quarter of the values do not exceed; of none 0.
double lower_quartile(std::vector<double> values);

}  // namespace socktap::bench
