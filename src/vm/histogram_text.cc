// What is drawn: the rows from the first bucket in use to the last, two empty ones of margin on
// either side; between them, runs of rows that are empty and have only empty ones within two rows
// (HIST_ELISION) shrink to one '~'.
#include "vm/histogram_text.h"

#include <algorithm>
#include <cassert>

#include "vm/format.h"

namespace socktap::vm {
namespace {

using language::log_bucket_of_zero;

constexpr std::size_t bar_width = 50;
constexpr std::size_t margin = 2;     // empty rows shown around what is in use
constexpr std::size_t min_label = 5;  // as wide as "value"

std::size_t digits_of(std::int64_t number) {
  std::string text;
  append_number(number, text);
  return text.size();
}

struct Rows {
  std::size_t first, last;
};

// Logarithmic histograms show no negative rows unless there are negative values. Linear ones show
// the rows for what is out of range only if something is.
Rows rows_to_draw(const Histogram& histogram, std::span<const std::uint64_t> buckets) {
  const auto in_use = [](std::uint64_t count) { return count > 0; };
  const std::size_t end = buckets.size();
  const auto begin_of_use = std::ranges::find_if(buckets, in_use) - buckets.begin();
  std::size_t first = static_cast<std::size_t>(begin_of_use);
  std::size_t last = end - 1;
  while (buckets[last] == 0) --last;

  const bool log = histogram.kind == Histogram::Kind::log;
  for (std::size_t i = 0; i < margin; ++i) {
    if (first > 0 && !(log && first == log_bucket_of_zero)) --first;
    if (last + 1 < end) ++last;
  }
  if (!log) {
    if (first == 0 && buckets[0] == 0) ++first;
    if (last + 1 == end && buckets[last] == 0) --last;
  }
  return {first, last};
}

// SystemTap measures a linear histogram's labels at the low end and one width above its last row:
// columns come out one wider than needed now and then, and so do ours.
std::size_t label_width(const Histogram& histogram, Rows rows, std::size_t bucket_total) {
  std::size_t low = 0;
  std::size_t high = 0;
  if (histogram.kind == Histogram::Kind::log) {
    low = digits_of(bucket_label(histogram, rows.first));
    high = digits_of(bucket_label(histogram, rows.last));
  } else {
    const auto above =
        static_cast<std::int64_t>(static_cast<std::uint64_t>(histogram.low) +
                                  rows.last * static_cast<std::uint64_t>(histogram.width));
    low = digits_of(histogram.low) + (rows.first == 0 ? 1 : 0);
    high = digits_of(above) + (rows.last + 1 == bucket_total ? 1 : 0);
  }
  return std::max({low, high, min_label});
}

void append_right(std::string_view text, std::size_t width, std::string& out) {
  if (text.size() < width) out.append(width - text.size(), ' ');
  out += text;
}

class Drawing {
 public:
  Drawing(const Histogram& histogram, std::span<const std::uint64_t> buckets, std::int64_t elision,
          std::string& out)
      : histogram_(histogram),
        buckets_(buckets),
        elision_(elision),
        out_(out),
        rows_(rows_to_draw(histogram, buckets)),
        label_width_(label_width(histogram, rows_, buckets.size())),
        largest_(*std::ranges::max_element(buckets)),
        count_width_(digits_of(static_cast<std::int64_t>(largest_))),
        scale_(std::max<std::uint64_t>(1, (largest_ + bar_width - 1) / bar_width)) {}

  void draw() {
    append_right("value", label_width_, out_);
    out_ += " |";
    out_.append(bar_width, '-');
    out_ += " count\n";
    bool skipping = false;
    for (std::size_t row = rows_.first; row <= rows_.last; ++row) {
      if (is_lonely(row)) {
        skipping = true;
        continue;
      }
      if (skipping) {
        out_.append(label_width_, ' ');
        out_ += " ~\n";
        skipping = false;
      }
      draw_row(row);
    }
    out_ += '\n';
  }

 private:
  bool is_lonely(std::size_t row) const {
    if (elision_ < 0) return false;
    const auto around = static_cast<std::size_t>(elision_);
    const std::size_t from = row - std::min(around, row - rows_.first);
    const std::size_t to = std::min(row + around, rows_.last);
    return std::all_of(buckets_.begin() + static_cast<std::ptrdiff_t>(from),
                       buckets_.begin() + static_cast<std::ptrdiff_t>(to) + 1,
                       [](std::uint64_t count) { return count == 0; });
  }

  void draw_row(std::size_t row) {
    std::string text;
    if (histogram_.kind == Histogram::Kind::linear) {
      if (row == 0) text = "<";
      if (row + 1 == buckets_.size()) text = ">";
    }
    append_number(bucket_label(histogram_, row), text);
    append_right(text, label_width_, out_);
    out_ += " |";

    const auto bar = static_cast<std::size_t>(buckets_[row] / scale_);
    out_.append(bar, '@');
    text.clear();
    append_number(static_cast<std::int64_t>(buckets_[row]), text);
    append_right(text, bar_width - bar + 1 + count_width_, out_);
    out_ += '\n';
  }

  const Histogram& histogram_;
  std::span<const std::uint64_t> buckets_;
  std::int64_t elision_;
  std::string& out_;
  Rows rows_;
  std::size_t label_width_;
  std::uint64_t largest_;
  std::size_t count_width_;
  std::uint64_t scale_;  // how many values one '@' stands for
};

}  // namespace

void draw_histogram(const Histogram& histogram, std::span<const std::uint64_t> buckets,
                    std::int64_t elision, std::string& out) {
  if (std::ranges::all_of(buckets, [](std::uint64_t count) { return count == 0; })) return;
  assert(buckets.size() == bucket_count(histogram));
  Drawing(histogram, buckets, elision, out).draw();
}

}  // namespace socktap::vm
