#include "vm/array_order.h"

#include <algorithm>
#include <string_view>
#include <vector>

namespace socktap::vm {
namespace {

using By = ArrayOrder::By;

// What an entry sorts by, looked up once.
template <typename Rank>
struct Ranked {
  Rank rank;
  Array::Entry entry;
};

template <typename Rank, typename RankOf>
void sort_by(Array& array, bool descending, RankOf rank_of) {
  std::vector<Ranked<Rank>> ranked;
  ranked.reserve(array.size());
  for (auto entry = array.first(); entry != Array::none; entry = array.next(entry)) {
    ranked.push_back({rank_of(entry), entry});
  }
  const auto before = [descending](const auto& a, const auto& b) {
    return descending ? b.rank < a.rank : a.rank < b.rank;
  };
  if (std::is_sorted(ranked.begin(), ranked.end(), before)) return;
  std::stable_sort(ranked.begin(), ranked.end(), before);
  std::vector<Array::Entry> order;
  order.reserve(ranked.size());
  for (const auto& item : ranked) order.push_back(item.entry);
  array.reorder(order);
}

}  // namespace

void sort(Array& array, const ArrayOrder& order) {
  if (order.by == By::nothing) return;
  const Array& read = array;
  if (order.by == By::key) {
    const std::size_t column = order.column;
    if (array.key_types()[column] == Type::string) {
      sort_by<std::string_view>(array, order.descending,
                                [&](auto entry) { return read.key_text(entry, column); });
    } else {
      sort_by<std::int64_t>(array, order.descending,
                            [&](auto entry) { return read.key_number(entry, column); });
    }
  } else if (array.value_type() == Type::string) {
    sort_by<std::string_view>(array, order.descending,
                              [&](auto entry) { return std::string_view(read.text(entry)); });
  } else if (array.value_type() == Type::stats) {
    sort_by<std::int64_t>(array, order.descending, [&](auto entry) {
      return extract(read.statistic(entry), order.function, read.shape());
    });
  } else {
    sort_by<std::int64_t>(array, order.descending, [&](auto entry) { return read.number(entry); });
  }
}

}  // namespace socktap::vm
