#include "tui/top_state.h"

#include <algorithm>
#include <utility>

namespace socktap::tui {
namespace {

constexpr std::ptrdiff_t page = 10;

bool contains_ignoring_case(std::string_view text, std::string_view part) {
  const auto same = [](unsigned char a, unsigned char b) {
    return std::tolower(a) == std::tolower(b);
  };
  return std::search(text.begin(), text.end(), part.begin(), part.end(), same) != text.end() ||
         part.empty();
}

}  // namespace

void TopState::take(Table table) {
  remember(table);
  (is_paused_ ? kept_back_ : table_) = std::move(table);
}

void TopState::remember(const Table& table) {
  ++tables_;
  for (const Row& row : table.rows) {
    Past& past = past_[row.name()];
    const std::uint64_t missed =
        past.bytes.empty() ? 0 : std::min<std::uint64_t>(tables_ - past.last - 1, history_length);
    past.bytes.insert(past.bytes.end(), missed, 0);
    past.messages.insert(past.messages.end(), missed, 0);
    past.bytes.push_back(per_second(row.bytes(), table.interval_ns));
    past.messages.push_back(per_second(row.messages(), table.interval_ns));
    past.last = tables_;
    while (past.bytes.size() > history_length) {
      past.bytes.pop_front();
      past.messages.pop_front();
    }
  }
  std::erase_if(past_,
                [&](const auto& entry) { return entry.second.last + history_length < tables_; });
}

std::vector<std::uint64_t> TopState::history(const std::string& name) const {
  const auto found = past_.find(name);
  if (found == past_.end()) return {};
  const auto& known = unit_ == Unit::bytes ? found->second.bytes : found->second.messages;
  std::vector<std::uint64_t> rates(known.begin(), known.end());
  rates.insert(rates.end(), tables_ - found->second.last, 0);
  if (rates.size() > history_length)
    rates.erase(rates.begin(), rates.end() - static_cast<std::ptrdiff_t>(history_length));
  return rates;
}

void TopState::show(const View& view) {
  view_ = &view;
  wanted_view_ = nullptr;
  table_ = kept_back_ = {};
  past_.clear();
  selected_.clear();
}

std::vector<const Row*> TopState::rows() const {
  std::vector<const Row*> rows;
  for (const Row& row : table_.rows)
    if (contains_ignoring_case(row.name(), filter_)) rows.push_back(&row);
  const auto value = [this](const Row& row) {
    switch (sort_by_) {
      case SortBy::sent:
        return amount(row.sent);
      case SortBy::received:
        return amount(row.received);
      case SortBy::failures:
        return row.failures;
      default:
        return unit_ == Unit::bytes ? row.bytes() : row.messages();
    }
  };
  std::ranges::sort(rows, [&](const Row* a, const Row* b) {
    if (is_reversed_) std::swap(a, b);
    if (sort_by_ != SortBy::name && value(*a) != value(*b)) return value(*a) > value(*b);
    return a->name() < b->name();
  });
  return rows;
}

std::size_t TopState::selected(const std::vector<const Row*>& rows) const {
  const auto found = std::ranges::find(rows, selected_, [](const Row* row) { return row->name(); });
  return found == rows.end() ? 0 : static_cast<std::size_t>(found - rows.begin());
}

std::size_t TopState::first_shown(std::size_t selected, std::size_t height) {
  return selected < height ? 0 : selected - height + 1;
}

void TopState::move(std::ptrdiff_t by) {
  const auto shown = rows();
  if (shown.empty()) return;
  const auto last = static_cast<std::ptrdiff_t>(shown.size()) - 1;
  const std::ptrdiff_t to =
      std::clamp(static_cast<std::ptrdiff_t>(selected(shown)) + by, std::ptrdiff_t{0}, last);
  selected_ = shown[static_cast<std::size_t>(to)]->name();
}

void TopState::sort(SortBy by) {
  is_reversed_ = sort_by_ == by && !is_reversed_;
  sort_by_ = by;
}

void TopState::press_while_typing(int key) {
  if (key == pressed_enter || key == '\n' || key == '\r') {
    is_typing_ = false;
  } else if (key == pressed_escape) {
    is_typing_ = false;
    filter_.clear();
  } else if (key == pressed_backspace) {
    if (!filter_.empty()) filter_.pop_back();
  } else if (key >= ' ' && key < 0x7f) {
    filter_ += static_cast<char>(key);
  }
}

void TopState::press(int key) {
  if (is_typing_) return press_while_typing(key);
  for (const View& view : views())
    if (key == view.key && &view != view_) wanted_view_ = &view;
  switch (key) {
    case 'q':
      wants_to_quit_ = true;
      break;
    case pressed_up:
    case 'k':
      return move(-1);
    case pressed_down:
    case 'j':
      return move(1);
    case pressed_page_up:
      return move(-page);
    case pressed_page_down:
      return move(page);
    case pressed_home:
      return move(PTRDIFF_MIN / 2);
    case pressed_end:
      return move(PTRDIFF_MAX / 2);
    case '/':
      is_typing_ = true;
      break;
    case pressed_escape:
      if (shows_help_ || shows_detail_)
        shows_help_ = shows_detail_ = false;
      else
        filter_.clear();
      break;
    case '?':
    case 'h':
      shows_help_ = !shows_help_;
      break;
    case pressed_enter:
    case '\n':
    case '\r':
      shows_detail_ = !shows_detail_;
      break;
    case ' ':
      is_paused_ = !is_paused_;
      if (!is_paused_ && kept_back_.interval_ns != 0) table_ = std::exchange(kept_back_, {});
      break;
    case 'b':
      unit_ = unit_ == Unit::bytes ? Unit::messages : Unit::bytes;
      break;
    case '1':
      return sort(SortBy::sent);
    case '2':
      return sort(SortBy::received);
    case '3':
      return sort(SortBy::total);
    case '4':
      return sort(SortBy::failures);
    case '5':
      return sort(SortBy::name);
    default:
      break;
  }
}

}  // namespace socktap::tui
