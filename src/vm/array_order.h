// Sorting an array for foreach: by a key column, the value, or a function of its statistics.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

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
//
// With a limit of at most 30 only that many entries (one at least) are brought to the front, in
// their order; an entry that another one drives from there comes to stand right behind them. What a
// later loop without order prints shows that.
void sort(Array& array, const ArrayOrder& order, std::optional<std::int64_t> limit = {});

}  // namespace socktap::vm
