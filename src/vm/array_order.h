// Sorting an array for foreach: by a key column, the value, or a function of its statistics.
#pragma once

#include <cstddef>

#include "language/typed_program.h"
#include "vm/array.h"

namespace socktap::vm {

struct ArrayOrder {
  using By = language::Foreach::SortBy;
  By by = By::nothing;
  std::size_t column = 0;                                           // By::key
  language::StatFunction function = language::StatFunction::count;  // By::statistic
  bool descending = false;
};

// Reorders the array in place. Stable: what compares equal stays in the order it had.
void sort(Array& array, const ArrayOrder& order);

}  // namespace socktap::vm
