#include "tui/top_sink.h"

#include <csignal>
#include <ctime>

namespace socktap::tui {
namespace {

std::string clock_text() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  ::localtime_r(&now, &parts);
  char text[16];
  return {text, std::strftime(text, sizeof text, "%H:%M:%S", &parts)};
}

}  // namespace

Result<void> TopSink::write(const Record& record) {
  if (record.kind == RecordKind::output) return take_lines(record.text);
  const bool is_message = record.kind == RecordKind::warning || record.kind == RecordKind::error;
  if (is_message) {
    messages_.emplace_back(record.text);
    surface_.notice = messages_.back();
    is_dirty_ = true;
  }
  return {};
}

Result<void> TopSink::take_lines(std::string_view text) {
  for (std::size_t end; (end = text.find('\n')) != std::string_view::npos;
       text.remove_prefix(end + 1)) {
    line_ += text.substr(0, end);
    const bool is_whole = reader_.take(line_);
    line_.clear();
    if (!is_whole) continue;
    if (run_.lost) surface_.lost = run_.lost();
    state_.take(reader_.table());
    is_dirty_ = true;
    if (print_)
      if (auto printed = print_(state_); !printed) return printed;
  }
  line_ += text;
  return {};
}

Result<void> TopSink::flush() {
  if (terminal_ == nullptr) return {};
  handle_keys();
  if (is_dirty_ || terminal_->was_resized()) paint();
  const bool is_over = state_.wants_to_quit() || state_.wanted_view() != nullptr ||
                       (run_.has_ended && run_.has_ended());
  if (is_over && run_.stop != nullptr) run_.stop->request(SIGINT);
  return {};
}

void TopSink::handle_keys() {
  while (const auto key = terminal_->key()) {
    state_.press(*key);
    is_dirty_ = true;
  }
}

void TopSink::paint() {
  surface_.clock = clock_text();
  terminal_->show(tui::paint(state_, surface_, terminal_->width(), terminal_->height()));
  is_dirty_ = false;
}

}  // namespace socktap::tui
