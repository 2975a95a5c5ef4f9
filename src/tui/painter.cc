#include "tui/painter.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace socktap::tui {
namespace {

constexpr unsigned least_width = 40, least_height = 6;
constexpr unsigned lines_above = 3, lines_below = 1;
constexpr unsigned detail_height = 12;
constexpr unsigned rate_width = 9;

struct Column {
  SortBy sort_by;
  std::string_view heading;
};
constexpr Column rate_columns[] = {{SortBy::sent, "SENT/s"},
                                   {SortBy::received, "RECV/s"},
                                   {SortBy::total, "TOTAL/s"},
                                   {SortBy::failures, "ERRORS/s"}};

std::string duration_text(std::uint64_t ns) {
  if (ns == 0) return "-";
  if (ns < 1'000) return fmt::format("{}ns", ns);
  if (ns < 1'000'000) return fmt::format("{:.1f}us", static_cast<double>(ns) / 1e3);
  if (ns < 1'000'000'000) return fmt::format("{:.1f}ms", static_cast<double>(ns) / 1e6);
  return fmt::format("{:.1f}s", static_cast<double>(ns) / 1e9);
}

std::uint64_t amount(const Traffic& traffic, Unit unit) {
  return unit == Unit::bytes ? traffic.bytes : traffic.messages;
}

// A row's rates, in the order of rate_columns.
std::vector<std::uint64_t> rates_of(const Row& row, const TopState& state) {
  const Unit unit = state.unit();
  const std::uint64_t interval = state.table().interval_ns;
  const std::uint64_t sent = amount(row.sent, unit), received = amount(row.received, unit);
  return {per_second(sent, interval), per_second(received, interval),
          per_second(sent + received, interval), per_second(row.failures, interval)};
}

// Bytes that do not fit into a label's column are left out of its middle, where paths differ least.
std::string fitted(const std::string& text, unsigned width) {
  if (text.size() <= width) return text;
  const std::size_t tail = (width - 1) / 2;
  return text.substr(0, width - 1 - tail) + "~" + text.substr(text.size() - tail);
}

// How wide each label is: the widest give way, if they do not all fit.
std::vector<unsigned> label_widths(const View& view, unsigned room) {
  constexpr unsigned least = 6;
  std::vector<unsigned> widths;
  unsigned used = 0;
  for (const View::Label& label : view.labels) {
    widths.push_back(label.width);
    used += label.width + 1;
  }
  for (auto widest = widths.end(); used > room; --used) {
    widest = std::ranges::max_element(widths);
    if (*widest <= least) break;
    --*widest;
  }
  return widths;
}

std::string label_text(const View& view, const std::vector<unsigned>& widths,
                       const std::vector<std::string>& texts) {
  std::string line;
  for (std::size_t i = 0; i < widths.size(); ++i) {
    const std::string text = fitted(i < texts.size() ? texts[i] : "", widths[i]);
    line += view.labels[i].is_number ? fmt::format("{:>{}} ", text, widths[i])
                                     : fmt::format("{:<{}} ", text, widths[i]);
  }
  return line;
}

std::vector<std::string> headings(const View& view) {
  std::vector<std::string> texts;
  for (const View::Label& label : view.labels) texts.emplace_back(label.heading);
  return texts;
}

std::string rate_heading(const TopState& state) {
  std::string line;
  for (const Column& column : rate_columns) {
    const bool is_key = column.sort_by == state.sort_by();
    const std::string mark = !is_key ? "" : state.is_reversed() ? "^" : "v";
    line += fmt::format("{:>{}}", mark + std::string(column.heading), rate_width);
  }
  return line;
}

std::string rates_text(const Row& row, const TopState& state) {
  std::string line;
  for (const std::uint64_t rate : rates_of(row, state))
    line += fmt::format("{:>{}}", rate == 0 ? "-" : short_number(rate), rate_width);
  return line;
}

class Painting {
 public:
  Painting(const TopState& state, const Surface& surface, unsigned width, unsigned height)
      : state_(state), surface_(surface), canvas_(width, height), rows_(state.rows()) {}

  Canvas paint() {
    if (canvas_.width() < least_width || canvas_.height() < least_height) {
      canvas_.write(0, 0, fmt::format("{}x{} at least", least_width, least_height));
      return std::move(canvas_);
    }
    paint_top();
    const unsigned bottom = canvas_.height() - lines_below;
    const bool has_detail =
        state_.shows_detail() && !rows_.empty() && bottom > lines_above + 3 + detail_height;
    paint_table(lines_above, has_detail ? bottom - detail_height : bottom);
    if (has_detail) paint_detail(bottom - detail_height);
    if (state_.shows_help()) paint_help();
    paint_bottom();
    return std::move(canvas_);
  }

 private:
  void paint_top() {
    const Row total = state_.table().total();
    const auto rates = rates_of(total, state_);
    const std::string unit = state_.unit() == Unit::bytes ? "bytes" : "messages";
    canvas_.write(0, 0,
                  fmt::format("socktap top  {}  {}  by {}{}", surface_.clock, surface_.subject,
                              state_.view().name, state_.is_paused() ? "  PAUSED" : ""),
                  Style::bold);
    unsigned x = canvas_.write(0, 1,
                               fmt::format("{}: sent {} {}/s, received {} {}/s, errors {}/s, ",
                                           subject(), short_number(rates[0]), unit,
                                           short_number(rates[1]), unit, short_number(rates[3])));
    canvas_.write(x, 1, fmt::format("lost {}", short_number(surface_.lost)),
                  surface_.lost == 0 ? Style::plain : Style::warning);
    if (!surface_.notice.empty()) canvas_.write(0, 2, surface_.notice, Style::warning);
    if (!state_.filter().empty() || state_.is_typing())
      canvas_.write(0, 2, "filter: " + state_.filter() + (state_.is_typing() ? "_" : ""),
                    Style::bold);
  }

  // "1 process", "3 processes", "10000+ sockets"
  std::string subject() const {
    const View& view = state_.view();
    return fmt::format("{}{} {}", rows_.size(), state_.is_cut() ? "+" : "",
                       rows_.size() == 1 ? view.name : view.help);
  }

  void paint_table(unsigned top, unsigned bottom) {
    constexpr unsigned rates = rate_width * static_cast<unsigned>(std::size(rate_columns));
    const unsigned room = canvas_.width() > rates ? canvas_.width() - rates : 0;
    unsigned labels = 0;
    for (const View::Label& label : state_.view().labels) labels += label.width + 1;
    constexpr unsigned least_spark = 8;
    const unsigned spark =
        room > labels + least_spark
            ? std::min<unsigned>(room - labels - 1, static_cast<unsigned>(TopState::history_length))
            : 0;
    const auto widths = label_widths(state_.view(), room - (spark > 0 ? spark + 1 : 0));
    canvas_.write(0, top,
                  label_text(state_.view(), widths, headings(state_.view())) +
                      rate_heading(state_) + (spark > 0 ? " LAST MINUTE" : ""));
    canvas_.fill(top, Style::heading);
    const std::size_t height = bottom > top + 1 ? bottom - top - 1 : 0;
    const std::size_t selected = state_.selected(rows_);
    const std::size_t first = TopState::first_shown(selected, height);
    for (std::size_t i = first; i < rows_.size() && i < first + height; ++i) {
      const auto y = static_cast<unsigned>(top + 1 + (i - first));
      const Row& row = *rows_[i];
      const unsigned x = canvas_.write(
          0, y, label_text(state_.view(), widths, row.labels) + rates_text(row, state_));
      if (spark > 0)
        canvas_.write(x + 1, y, sparkline(state_.history(row.name()), spark), Style::good);
      if (i == selected) canvas_.fill(y, Style::selected);
    }
    if (rows_.empty() && height > 0)
      canvas_.write(0, top + 1,
                    state_.table().interval_ns == 0 ? "waiting for the first second ..."
                    : state_.filter().empty()       ? "nothing was sent or received"
                                                    : "nothing matches the filter",
                    Style::dim);
  }

  void paint_detail(unsigned top) {
    const Row& row = *rows_[state_.selected(rows_)];
    canvas_.write(0, top, fmt::format(" {} ", row.name()));
    canvas_.fill(top, Style::heading);
    const auto line = [&](unsigned y, const char* what, const Traffic& traffic) {
      const std::uint64_t mean = traffic.messages == 0 ? 0 : traffic.bytes / traffic.messages;
      canvas_.write(
          1, y,
          fmt::format("{:8} {:>6} messages {:>6} bytes, mean {:>5}; took {} on average, {} "
                      "at most",
                      what, short_number(traffic.messages), short_number(traffic.bytes),
                      short_number(mean), duration_text(traffic.mean_ns),
                      duration_text(traffic.longest_ns)));
    };
    line(top + 1, "sent", row.sent);
    line(top + 2, "received", row.received);
    canvas_.write(1, top + 3, "messages by size:", Style::dim);
    paint_sizes(row, top + 4);
  }

  void paint_sizes(const Row& row, unsigned top) {
    constexpr std::size_t shown = detail_height - 4;
    std::vector<std::pair<int, std::uint64_t>> sizes(row.sizes.begin(), row.sizes.end());
    // The most frequent, if they are too many, in the order of their sizes.
    std::ranges::sort(sizes, std::greater(), &std::pair<int, std::uint64_t>::second);
    if (sizes.size() > shown) sizes.resize(shown);
    std::ranges::sort(sizes);
    std::uint64_t most = 1;
    for (const auto& [size, count] : sizes) most = std::max(most, count);
    for (unsigned i = 0; i < sizes.size(); ++i) {
      const auto [power, count] = sizes[i];
      const std::string range =
          power < 0 ? "0" : fmt::format("{}..", short_number(std::uint64_t{1} << power));
      const unsigned room = canvas_.width() > 30 ? canvas_.width() - 30 : 0;
      const auto bar =
          static_cast<std::size_t>(static_cast<double>(count) / static_cast<double>(most) * room);
      unsigned x =
          canvas_.write(1, top + i, fmt::format("{:>8} {:>6} ", range, short_number(count)));
      for (std::size_t j = 0; j < std::max<std::size_t>(bar, 1); ++j)
        x = canvas_.write(x, top + i, "█", Style::good);
    }
  }

  void paint_help() {
    constexpr std::string_view lines[] = {
        " Keys                                              ",
        "   p s e f c    by process, socket, peer, family, cgroup ",
        "   b            bytes or messages                  ",
        "   1 2 3 4 5    sort by sent, received, total, errors, name ",
        "                (once more: the other way round)   ",
        "   /            type what names must contain; Esc: all ",
        "   arrows j k   select a row; Enter: its detail    ",
        "   space        pause                              ",
        "   q            quit                               "};
    unsigned y = lines_above + 1;
    for (const std::string_view line : lines) {
      if (y + 1 >= canvas_.height()) break;
      std::string text(line);
      text.resize(std::max<std::size_t>(text.size(), 60), ' ');
      canvas_.write(2, y, text, y == lines_above + 1 ? Style::heading : Style::selected);
      ++y;
    }
  }

  void paint_bottom() {
    canvas_.write(0, canvas_.height() - 1,
                  state_.is_typing()
                      ? "type to filter, Enter to keep it, Esc to show all"
                      : "q quit  ? help  / filter  1-5 sort  Enter detail  space pause  b unit  "
                        "p s e f c view",
                  Style::dim);
  }

  const TopState& state_;
  const Surface& surface_;
  Canvas canvas_;
  std::vector<const Row*> rows_;
};

}  // namespace

std::string short_number(std::uint64_t number) {
  constexpr std::string_view units = "KMGTPE";
  if (number < 1000) return std::to_string(number);
  auto value = static_cast<double>(number) / 1000;
  std::size_t unit = 0;
  while (value >= 999.5 && unit + 1 < units.size()) {
    value /= 1000;
    ++unit;
  }
  const int decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
  return fmt::format("{:.{}f}{}", value, decimals, units[unit]);
}

std::string sparkline(const std::vector<std::uint64_t>& values, std::size_t width) {
  constexpr const char* levels[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  const std::size_t count = std::min(values.size(), width);
  const std::uint64_t most = values.empty() ? 0 : *std::ranges::max_element(values);
  std::string line(width - count, ' ');
  for (std::size_t i = values.size() - count; i < values.size(); ++i) {
    const double part = most == 0 ? 0 : static_cast<double>(values[i]) / static_cast<double>(most);
    const auto level = static_cast<std::size_t>(std::lround(part * 8));
    line += levels[values[i] == 0 ? 0 : std::max<std::size_t>(level, 1)];
  }
  return line;
}

Canvas paint(const TopState& state, const Surface& surface, unsigned width, unsigned height) {
  return Painting(state, surface, width, height).paint();
}

std::string plain_table(const TopState& state) {
  const View& view = state.view();
  std::vector<unsigned> widths;
  for (const View::Label& label : view.labels) widths.push_back(label.width);
  std::string text = label_text(view, widths, headings(view)) + rate_heading(state) + '\n';
  for (const Row* row : state.rows())
    text += label_text(view, widths, row->labels) + rates_text(*row, state) + '\n';
  if (state.is_cut())
    text +=
        fmt::format("more than {} {}: those that came first are left out\n", most_rows, view.help);
  return text;
}

}  // namespace socktap::tui
