// One foreach while it runs. It goes over what was there when it began: entries that the body adds
// are not visited, entries that it deletes are skipped.
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
  // The same over a histogram's buckets: the key is the bucket's number, the value its count.
  void begin(std::span<const std::uint64_t> buckets, const ForeachSite& site, std::int64_t limit);

  // The next entry; none at the end.
  Array::Entry next(const Array& array);

  struct Bucket {
    std::int64_t number, count;
  };
  std::optional<Bucket> next_bucket();

 private:
  struct Item {
    Array::Entry entry;
    std::uint32_t generation;
  };
  std::vector<Item> items_;
  std::vector<Bucket> buckets_;
  std::size_t at_ = 0;
};

}  // namespace socktap::vm
