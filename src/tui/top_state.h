// What `top` shows and how: the last table, what came before it, and what keys have chosen. Knows
// neither script nor terminal.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

#include "tui/table.h"
#include "tui/view.h"

namespace socktap::tui {

enum class SortBy : std::uint8_t { sent, received, total, failures, name };
enum class Unit : std::uint8_t { bytes, messages };

// Keys that are no characters.
enum Key : int {
  pressed_up = 1000,
  pressed_down,
  pressed_page_up,
  pressed_page_down,
  pressed_home,
  pressed_end,
  pressed_enter,
  pressed_escape,
  pressed_backspace
};

class TopState {
 public:
  explicit TopState(const View& view) : view_(&view) {}

  void take(Table table);  // keeps it back while paused
  void press(int key);     // a character or a Key

  // What keys ask of others.
  bool wants_to_quit() const { return wants_to_quit_; }
  const View* wanted_view() const { return wanted_view_; }  // nullptr: the present one

  // The view was changed: what was known of the other one's rows is forgotten.
  void show(const View& view);

  const View& view() const { return *view_; }
  const Table& table() const { return table_; }
  SortBy sort_by() const { return sort_by_; }
  bool is_reversed() const { return is_reversed_; }
  Unit unit() const { return unit_; }
  bool is_paused() const { return is_paused_; }
  bool shows_detail() const { return shows_detail_; }
  bool shows_help() const { return shows_help_; }
  bool is_typing() const { return is_typing_; }
  const std::string& filter() const { return filter_; }

  // The rows that pass the filter, sorted; pointers into table().
  std::vector<const Row*> rows() const;
  // There was more than a table holds: what came first has given way.
  bool is_cut() const { return view_->may_overflow && table_.rows.size() >= most_rows; }

  // Which of rows() is selected, and how many are above the screen if `height` are shown.
  std::size_t selected(const std::vector<const Row*>& rows) const;
  static std::size_t first_shown(std::size_t selected, std::size_t height);

  // A row's rate in the last tables, the newest last; 0 where it had none.
  std::vector<std::uint64_t> history(const std::string& name) const;
  static constexpr std::size_t history_length = 60;

 private:
  void press_while_typing(int key);
  void move(std::ptrdiff_t by);
  void sort(SortBy by);
  void remember(const Table& table);
  std::uint64_t amount(const Traffic& traffic) const {
    return unit_ == Unit::bytes ? traffic.bytes : traffic.messages;
  }

  const View* view_;
  const View* wanted_view_ = nullptr;
  Table table_, kept_back_;
  SortBy sort_by_ = SortBy::total;
  bool is_reversed_ = false;
  Unit unit_ = Unit::bytes;
  bool is_paused_ = false, shows_detail_ = false, shows_help_ = false, is_typing_ = false;
  bool wants_to_quit_ = false;
  std::string filter_;
  std::string selected_;  // name of the row; empty: the first
  struct Past {
    std::deque<std::uint64_t> bytes, messages;
    std::uint64_t last = 0;  // number of the table that it was in
  };
  std::unordered_map<std::string, Past> past_;
  std::uint64_t tables_ = 0;
};

}  // namespace socktap::tui
