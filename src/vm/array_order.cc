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

constexpr std::int64_t most_brought_to_front = 30;

// How many entries a limit brings to the front; none: all are sorted.
std::optional<std::size_t> front_of(std::optional<std::int64_t> limit) {
  if (!limit) return std::nullopt;
  const auto count = static_cast<std::int32_t>(*limit);  // SystemTap's is an int
  if (count == 0 || count > most_brought_to_front) return std::nullopt;
  return std::max(count, 1);
}

template <typename Entries, typename Before>
void bring_to_front(Entries& ranked, std::size_t count, Before before) {
  const auto behind = ranked.begin() + static_cast<std::ptrdiff_t>(std::min(count, ranked.size()));
  Entries front(ranked.begin(), behind);
  std::stable_sort(front.begin(), front.end(), before);
  Entries driven, stayed;
  for (auto item = behind; item != ranked.end(); ++item) {
    if (!before(*item, front.back())) {
      stayed.push_back(*item);
      continue;
    }
    front.insert(std::upper_bound(front.begin(), front.end(), *item, before), *item);
    driven.push_back(front.back());
    front.pop_back();
  }
  ranked = std::move(front);
  ranked.insert(ranked.end(), driven.rbegin(), driven.rend());
  ranked.insert(ranked.end(), stayed.begin(), stayed.end());
}

template <typename Rank, typename RankOf>
void sort_by(Array& array, bool descending, std::optional<std::size_t> front, RankOf rank_of) {
  std::vector<Ranked<Rank>> ranked;
  ranked.reserve(array.size());
  for (auto entry = array.first(); entry != Array::none; entry = array.next(entry)) {
    ranked.push_back({rank_of(entry), entry});
  }
  const auto before = [descending](const auto& a, const auto& b) {
    return descending ? b.rank < a.rank : a.rank < b.rank;
  };
  if (std::is_sorted(ranked.begin(), ranked.end(), before)) return;
  if (front) {
    bring_to_front(ranked, *front, before);
  } else {
    std::stable_sort(ranked.begin(), ranked.end(), before);
  }
  std::vector<Array::Entry> order;
  order.reserve(ranked.size());
  for (const auto& item : ranked) order.push_back(item.entry);
  array.reorder(order);
}

}  // namespace

void sort(Array& array, const ArrayOrder& order, std::optional<std::int64_t> limit) {
  if (order.by == By::nothing) return;
  const auto front = front_of(limit);
  const Array& read = array;
  if (order.by == By::key) {
    const std::size_t column = order.column;
    if (array.key_types()[column] == Type::string) {
      sort_by<std::string_view>(array, order.descending, front,
                                [&](auto entry) { return read.key_text(entry, column); });
    } else {
      sort_by<std::int64_t>(array, order.descending, front,
                            [&](auto entry) { return read.key_number(entry, column); });
    }
  } else if (array.value_type() == Type::string) {
    sort_by<std::string_view>(array, order.descending, front,
                              [&](auto entry) { return std::string_view(read.text(entry)); });
  } else if (array.value_type() == Type::stats) {
    sort_by<std::int64_t>(array, order.descending, front, [&](auto entry) {
      return extract(read.statistic(entry), order.function, read.shape());
    });
  } else {
    sort_by<std::int64_t>(array, order.descending, front,
                          [&](auto entry) { return read.number(entry); });
  }
}

}  // namespace socktap::vm
