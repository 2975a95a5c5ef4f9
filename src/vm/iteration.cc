#include "vm/iteration.h"

#include <algorithm>

#include "vm/array_order.h"

namespace socktap::vm {

bool matches(const Array& array, Array::Entry entry, Slice slice) {
  for (std::size_t i = 0; i < slice.size(); ++i) {
    if (!slice[i]) continue;
    if (array.key_types()[i] == Type::string ? array.key_text(entry, i) != slice[i]->text
                                             : array.key_number(entry, i) != slice[i]->number) {
      return false;
    }
  }
  return true;
}

std::size_t Iteration::begin(Array& array, const ForeachSite& site, Slice slice,
                             std::int64_t limit) {
  sort(array, {site.sort_by, site.sort_column, site.sort_function, site.descending});
  entries_.clear();
  at_ = 0;
  std::size_t visited = 0;
  for (auto entry = array.first(); entry != Array::none; entry = array.next(entry)) {
    if (static_cast<std::int64_t>(entries_.size()) >= limit) break;
    ++visited;
    if (matches(array, entry, slice)) entries_.push_back(entry);
  }
  return visited;
}

void Iteration::begin(std::span<const std::uint64_t> buckets, std::int64_t limit) {
  const auto most = static_cast<std::size_t>(std::max<std::int64_t>(limit, 0));
  const auto first = buckets.first(std::min(buckets.size(), most));
  buckets_.assign(first.begin(), first.end());
  at_ = 0;
}

Array::Entry Iteration::next() { return at_ == entries_.size() ? Array::none : entries_[at_++]; }

std::optional<Iteration::Bucket> Iteration::next_bucket() {
  if (at_ == buckets_.size()) return std::nullopt;
  const Bucket bucket{static_cast<std::int64_t>(at_), static_cast<std::int64_t>(buckets_[at_])};
  ++at_;
  return bucket;
}

}  // namespace socktap::vm
