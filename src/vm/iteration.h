// One foreach while it runs. Nothing adds to the array or deletes from it meanwhile, which the
// checker sees to; but another foreach within may sort it, so that this one goes by a list of its
// own, made when it began.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "vm/argument.h"
#include "vm/array.h"
#include "vm/code.h"

namespace socktap::vm {

// The columns of a slice; one that matches anything is absent.
using Slice = std::span<const std::optional<Argument>>;

bool matches(const Array& array, Array::Entry entry, Slice slice);

class Iteration {
 public:
  // Sorts the array as the site says and takes the first `limit` entries that match the slice
  // (an empty one: all). Returns how many entries it looked at for that.
  std::size_t begin(Array& array, const ForeachSite& site, Slice slice, std::int64_t limit);
  // The same over the counts of a histogram's buckets, in their order.
  void begin(std::span<const std::uint64_t> buckets, std::int64_t limit);

  // The next entry; none at the end.
  Array::Entry next();

  struct Bucket {
    std::int64_t number, count;
  };
  std::optional<Bucket> next_bucket();

 private:
  std::vector<Array::Entry> entries_;
  std::vector<std::uint64_t> buckets_;
  std::size_t at_ = 0;
};

}  // namespace socktap::vm
