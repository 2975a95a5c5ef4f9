// What `top` shows: for each process, socket, peer ... what it sent and received in an interval.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace socktap::tui {

// Messages one way.
struct Traffic {
  std::uint64_t messages = 0;
  std::uint64_t bytes = 0;
  std::uint64_t mean_ns = 0, longest_ns = 0;  // that an operation took

  Traffic& operator+=(const Traffic& other);
};

struct Row {
  std::vector<std::string> labels;  // what the row is about: its key
  Traffic sent, received;
  std::uint64_t failures = 0;
  std::map<int, std::uint64_t>
      sizes;  // messages by the power of two that their bytes begin at; -1: 0

  std::string name() const;  // the labels as one
  std::uint64_t bytes() const { return sent.bytes + received.bytes; }
  std::uint64_t messages() const { return sent.messages + received.messages; }
};

struct Table {
  std::uint64_t interval_ns = 0;  // in which it happened
  std::int64_t until_ns = 0;      // when that ended, since 1970
  std::vector<Row> rows;

  Row total() const;
};

// A count in an interval as one a second.
std::uint64_t per_second(std::uint64_t count, std::uint64_t interval_ns);

// What the script prints, line by line: rows, then a line with the interval and when it ended, upon
// which a table is whole. Fields are separated by tabs:
//
//   row LABEL... SENT BYTES MEAN LONGEST RECEIVED BYTES MEAN LONGEST FAILURES SIZES
//   end INTERVAL TIME
//
// SIZES are pairs of a power of two and a count, "7:12,10:1,".
class TableReader {
 public:
  // True: `table()` is a new one.
  bool take(std::string_view line);
  const Table& table() const { return whole_; }

 private:
  Table growing_, whole_;
};

}  // namespace socktap::tui
