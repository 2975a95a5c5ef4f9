// One foreach while it runs. Nothing adds to the array or deletes from it meanwhile, which the
// checker sees to; but another foreach within may sort it, and then this one goes on from where its
// entry has come to stand.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
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
  // Sorts the array as the site says, to go through its first `limit` entries, those that do not
  // match the slice (an empty one: all do) among them. Returns how many entries that are at most.
  std::size_t begin(Array& array, const ForeachSite& site, Slice slice,
                    std::optional<std::int64_t> limit);
  // The same over the counts of a histogram's buckets, in their order.
  void begin(std::span<const std::uint64_t> buckets, std::int64_t limit);

  // The next entry; none at the end.
  Array::Entry next(const Array& array);

  struct Bucket {
    std::int64_t number, count;
  };
  std::optional<Bucket> next_bucket();

 private:
  void keep(const Array& array, Slice slice);

  Array::Entry entry_ = Array::none;  // the one that next() gave last
  bool begun_ = false;
  std::int64_t left_ = 0;
  std::vector<std::optional<Argument>> slice_;
  std::vector<std::string> slice_texts_;
  std::vector<std::uint64_t> buckets_;
  std::size_t at_ = 0;
};

}  // namespace socktap::vm
