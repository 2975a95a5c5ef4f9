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
  items_.clear();
  at_ = 0;
  std::size_t visited = 0;
  for (auto entry = array.first(); entry != Array::none; entry = array.next(entry)) {
    if (static_cast<std::int64_t>(items_.size()) >= limit) break;
    ++visited;
    if (matches(array, entry, slice)) items_.push_back({entry, array.generation(entry)});
  }
  return visited;
}

void Iteration::begin(std::span<const std::uint64_t> buckets, const ForeachSite& site,
                      std::int64_t limit) {
  buckets_.clear();
  at_ = 0;
  for (const std::uint64_t count : buckets) {
    buckets_.push_back(
        {static_cast<std::int64_t>(buckets_.size()), static_cast<std::int64_t>(count)});
  }
  if (site.sort_by != ForeachSite::SortBy::nothing) {
    const bool by_key = site.sort_by == ForeachSite::SortBy::key;
    std::stable_sort(buckets_.begin(), buckets_.end(), [&](const Bucket& a, const Bucket& b) {
      const Bucket& first = site.descending ? b : a;
      const Bucket& second = site.descending ? a : b;
      return by_key ? first.number < second.number : first.count < second.count;
    });
  }
  const auto most = static_cast<std::size_t>(std::max<std::int64_t>(limit, 0));
  if (buckets_.size() > most) buckets_.resize(most);
}

Array::Entry Iteration::next(const Array& array) {
  while (at_ < items_.size()) {
    const Item item = items_[at_++];
    if (array.generation(item.entry) == item.generation) return item.entry;
  }
  return Array::none;
}

std::optional<Iteration::Bucket> Iteration::next_bucket() {
  if (at_ == buckets_.size()) return std::nullopt;
  return buckets_[at_++];
}

}  // namespace socktap::vm
