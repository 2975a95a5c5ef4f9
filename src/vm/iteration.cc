#include "vm/iteration.h"

#include <algorithm>
#include <limits>

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
                             std::optional<std::int64_t> limit) {
  sort(array, {site.sort_by, site.sort_column, site.sort_function, site.descending}, limit);
  keep(array, slice);
  begun_ = false;
  left_ = std::max<std::int64_t>(limit.value_or(std::numeric_limits<std::int64_t>::max()), 0);
  return std::min(array.size(), static_cast<std::size_t>(left_));
}

// Its texts lie in registers that the loop's body may use for something else.
void Iteration::keep(const Array& array, Slice slice) {
  slice_.assign(slice.begin(), slice.end());
  slice_texts_.resize(slice.size());
  for (std::size_t i = 0; i < slice.size(); ++i) {
    if (!slice[i] || array.key_types()[i] != Type::string) continue;
    slice_texts_[i].assign(slice[i]->text);
    slice_[i]->text = slice_texts_[i];
  }
}

void Iteration::begin(std::span<const std::uint64_t> buckets, std::int64_t limit) {
  const auto most = static_cast<std::size_t>(std::max<std::int64_t>(limit, 0));
  const auto first = buckets.first(std::min(buckets.size(), most));
  buckets_.assign(first.begin(), first.end());
  at_ = 0;
}

Array::Entry Iteration::next(const Array& array) {
  do {
    if (left_-- <= 0) return Array::none;
    entry_ = begun_ ? array.next(entry_) : array.first();
    begun_ = true;
  } while (entry_ != Array::none && !matches(array, entry_, slice_));
  return entry_;
}

std::optional<Iteration::Bucket> Iteration::next_bucket() {
  if (at_ == buckets_.size()) return std::nullopt;
  const Bucket bucket{static_cast<std::int64_t>(at_), static_cast<std::int64_t>(buckets_[at_])};
  ++at_;
  return bucket;
}

}  // namespace socktap::vm
